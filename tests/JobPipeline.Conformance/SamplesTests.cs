namespace JobPipeline.Conformance;

/// <summary>The samples set every field: the round trip of a default value proves nothing.</summary>
public sealed class SamplesTests
{
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, object> All => new(StringComparer.Ordinal)
    {
        ["spec"] = Samples.Spec(),
        ["status"] = Samples.Status(),
        ["error"] = Samples.Error(),
        ["attempt"] = Samples.FullAttempt(Samples.NewId()) with { Version = "stored" },
        ["letter"] = Samples.Letter(Samples.NewId()),
        ["key"] = Samples.Key("type", "key") with { Version = "stored" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Sample_EveryField_IsSet(string name)
    {
        var sample = All[name];

        var unset = sample.GetType().GetProperties()
            .Where(
                property => property.CanWrite
                    && property.GetValue(sample) is var value
                    && Equals(value, property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null))
            .Select(property => property.Name);

        Assert.Empty(unset);
    }
}
