using JobPipeline.Functions.Tests.Support;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>A trigger only binds its parameters, calls one core method and maps the result.</summary>
public sealed class TriggerSourceTests
{
    private const string Marker = "[Function(";

    [Fact]
    public void Triggers_InTheirSource_HaveAtMost30LinesAndNoDecisions()
    {
        var triggers =
            Repository.Files("src/JobPipeline.Functions", "*.cs").SelectMany(file => Repository.Read(file).Split(Marker)[1..]).ToList();
        Assert.Equal(FunctionMethods.All.Count, triggers.Count);
        Assert.All(triggers, trigger => Assert.True(trigger.AsSpan().Count('\n') <= 30, Marker + trigger));
        string[] decisions = ["if (", "try", "catch", "while (", "for (", "foreach (", "switch", " ? "];
        Assert.All(triggers, trigger => Assert.DoesNotContain(decisions, decision => trigger.Contains(decision, StringComparison.Ordinal)));
    }

    [Fact]
    public void Triggers_OfEachKind_AreInItsFolder() => Assert.All(
        Repository.Files("src/JobPipeline.Functions", "*.cs")
            .Where(file => Repository.Read(file).Contains(Marker, StringComparison.Ordinal)),
        file => Assert.Contains(file.Split('/')[2], (string[])["MaintenanceTrigger.cs", "Queues", "Http", "Durable"]));
}
