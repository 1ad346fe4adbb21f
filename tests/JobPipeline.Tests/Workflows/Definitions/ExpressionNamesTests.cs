using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class ExpressionNamesTests
{
    /// <summary>An omitted input is null, so it may be omitted only if the expression certainly does not use it.</summary>
    [Theory]
    [InlineData("input.list", true)]
    [InlineData("\"input\".list", true)]
    [InlineData("\"\\u0069nput\".list", true)]
    [InlineData("@.input", true)]
    [InlineData("keys(@)", true)]
    [InlineData("*.list", true)]
    [InlineData("item || input", true)]
    [InlineData("item.name", false)]
    [InlineData("steps.a.output[0]", false)]
    [InlineData("length(steps.a.output)", false)]
    public void MayUseInput_EachExpression_IsFalseOnlyIfCertain(string expression, bool expected) =>
        Assert.Equal(expected, ExpressionNames.MayUseInput(expression));
}
