using Xunit.v3;

namespace JobPipeline.TestTools;

/// <summary>
/// Marks tests that start a process, such as Azurite, or that take long for another reason.
/// <c>dotnet run dev.cs test fast</c> leaves them out.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Category", "Slow")];
}
