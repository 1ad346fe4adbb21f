using System.Text.Json;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Machine;

/// <summary>
/// Workflow instances that run during an upgrade continue by the rules that they started with, so golden histories are added but never
/// changed.
/// </summary>
public sealed class GoldenHistoryTests
{
    public static TheoryData<string> Files => [.. GoldenHistory.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Evolve_GoldenHistory_ReturnsItsEffectsInOrder(string file)
    {
        var golden = GoldenHistory.Read(file);
        var plan = new WorkflowPlan(golden.ReadDefinition());
        var state = WorkflowMachine.Create(plan, "golden", GoldenHistory.Start) with { MachineVersion = golden.MachineVersion };
        foreach (var entry in golden.History)
        {
            var now = GoldenHistory.Start + entry.After;
            var turn = entry.Event is { } happened
                ? WorkflowMachine.Evolve(plan, state, happened, now)
                : WorkflowMachine.Rerun(plan, state, now);
            Assert.Equal(Lines(entry.Effects), Lines(JsonSerializer.SerializeToElement(turn.Effects, JobJson.Options)));
            // As stored between two events.
            state = JsonSerializer.Deserialize<WorkflowState>(JsonSerializer.Serialize(turn.State, JobJson.Options), JobJson.Options)!;
        }

        Assert.Equal(golden.Status, state.Status);
    }

    [Fact]
    public void GoldenHistories_OfEveryVersion_Exist() => Assert.Equal(
        Enumerable.Range(1, WorkflowMachine.Version),
        GoldenHistory.Files.Select(file => GoldenHistory.Read(file).MachineVersion).Distinct().Order());

    [Fact]
    public void Evolve_InstanceOfANewerRelease_Throws()
    {
        var plan = new WorkflowPlan(GoldenHistory.Read("chain.json").ReadDefinition());
        var state = WorkflowMachine.Create(plan, "golden", GoldenHistory.Start) with { MachineVersion = WorkflowMachine.Version + 1 };
        Assert.Throws<NotSupportedException>(() => WorkflowMachine.Evolve(plan, state, new WorkflowEvent.Started(), GoldenHistory.Start));
    }

    private static IEnumerable<string> Lines(JsonElement effects) =>
        effects.EnumerateArray().Select(effect => JsonSerializer.Serialize(effect));
}
