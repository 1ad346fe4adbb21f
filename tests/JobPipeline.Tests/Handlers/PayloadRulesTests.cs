using System.ComponentModel.DataAnnotations;
using JobPipeline.Handlers;

namespace JobPipeline.Tests.Handlers;

public sealed class PayloadRulesTests
{
    [Fact]
    public void MayApplyTo_TypeWithoutRules_IsFalse() => Assert.False(PayloadRules<Plain>.MayApplyTo(new Plain("x")));

    [Fact]
    public void MayApplyTo_TypeWithARuleOnAProperty_IsTrue() => Assert.True(PayloadRules<OnProperty>.MayApplyTo(new OnProperty("x")));

    [Fact]
    public void MayApplyTo_TypeWithAnInheritedRule_IsTrue() => Assert.True(PayloadRules<Inherited>.MayApplyTo(new Inherited("x")));

    [Fact]
    public void MayApplyTo_TypeWithARuleOnItself_IsTrue() => Assert.True(PayloadRules<OnType>.MayApplyTo(new OnType()));

    [Fact]
    public void MayApplyTo_TypeThatValidatesItself_IsTrue() => Assert.True(PayloadRules<BySelf>.MayApplyTo(new BySelf()));

    [Fact]
    public void MayApplyTo_ValueOfADerivedType_IsTrue() => Assert.True(PayloadRules<Plain>.MayApplyTo(new Derived("x")));

    private record Plain(string Name);

    private sealed record Derived([property: StringLength(3)] string Short) : Plain(Short);

    private record OnProperty([property: Required] string Name);

    private sealed record Inherited(string Name) : OnProperty(Name);

    [CustomValidation(typeof(PayloadRulesTests), nameof(Any))]
    private sealed record OnType;

    private sealed record BySelf : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => [];
    }

    public static ValidationResult? Any(object value) => ValidationResult.Success;
}
