using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using Microsoft.DurableTask;

namespace JobPipeline.Functions.Tests.Replays;

/// <summary>
/// Histories that an earlier interpreter recorded (<see cref="RecordHistories"/>): orchestrations that it started end under this
/// release as they would have ended under the release that started them. One of them still waits.
/// </summary>
public sealed class RecordedHistoryTests
{
    private const string Folder = "tests/JobPipeline.Functions.Tests/Golden/";

    public static TheoryData<string> Files => [.. Repository.Files(Folder, "*.jsonl")];

    [Theory]
    [MemberData(nameof(Files))]
    public void History_OfAnEarlierInterpreter_IsReplayedToItsEnd(string file)
    {
        var recorded = RecordedOrchestration.Read(Repository.Read(file));

        Assert.NotEmpty(recorded);
        Assert.All(recorded, one => Assert.Equal(one.Output, one.Replay(RunAsync)));
    }

    /// <summary>The check of the check: another decision is noticed.</summary>
    [Fact]
    public void History_WithAnotherDecision_IsNotReplayed()
    {
        var recorded = RecordedOrchestration.Read(Repository.Read($"{Folder}Interpreter1/waiting.jsonl"))[0];
        var changed = recorded with
        {
            History =
            [
                .. recorded.History.Select(entry => entry is HistoryEntry.Decided { Decision: Decision.CallActivity call }
                    ? new HistoryEntry.Decided(call with { Name = "Another" })
                    : entry),
            ],
        };

        Assert.Throws<OrchestratorDefectException>(() => changed.Replay(RunAsync));
    }

    private static async Task<object?> RunAsync(TaskOrchestrationContext context) => await WorkflowOrchestrator.RunAsync(context);
}
