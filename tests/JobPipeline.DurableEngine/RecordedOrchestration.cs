using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>
/// The last execution of an orchestration, as it can be stored: what a later release must be able to replay. Durable compares an
/// orchestrator's decisions with the history, so a release that decides otherwise fails every orchestration in progress.
/// </summary>
/// <param name="Id">The id of the orchestration.</param>
/// <param name="Name">The name of the orchestrator.</param>
/// <param name="Input">The input of the execution.</param>
/// <param name="Status">The status at the end of the history.</param>
/// <param name="Output">The output; null if the orchestration has not ended.</param>
/// <param name="History">The history.</param>
internal sealed record RecordedOrchestration(
    string Id,
    string Name,
    string? Input,
    OrchestrationRuntimeStatus Status,
    string? Output,
    IReadOnlyList<HistoryEntry> History)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false,
    };

    public static RecordedOrchestration Of(DurableInstance instance) => new(
        instance.Id, instance.Name, instance.Input, instance.Status, instance.Output, [.. instance.History.Select(WithoutStack)]);

    /// <summary>Writes orchestrations, one a line.</summary>
    public static string Write(IEnumerable<RecordedOrchestration> recorded) =>
        string.Concat(recorded.Select(one => JsonSerializer.Serialize(one, Format) + "\n"));

    public static IReadOnlyList<RecordedOrchestration> Read(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<RecordedOrchestration>(line, Format)!),
    ];

    /// <summary>
    /// Replays the recorded history. Returns the output, or null if the orchestration waits, as it did when it was recorded.
    /// </summary>
    /// <exception cref="OrchestratorDefectException">The orchestrator decides otherwise than when it was recorded.</exception>
    public string? Replay(Func<TaskOrchestrationContext, Task<object?>> orchestrator)
    {
        var instance = new DurableInstance(Id, Name, Input, default, parent: null);
        instance.History.AddRange(History);
        var replay = new Replay(instance, orchestrator, DurableJson.Default, static defect => throw defect);
        replay.Run(History.Count);
        if (replay.Context.Pending.Values.FirstOrDefault() is { } extra)
            throw new OrchestratorDefectException(Id, History.Count, "the end of the history", $"the replay asks for {extra}");
        return replay is { IsDone: true, Error: { } error } ? throw error : replay.IsDone ? replay.Output : null;
    }

    /// <summary>Stack traces name files of the machine that recorded them.</summary>
    private static HistoryEntry WithoutStack(HistoryEntry entry) =>
        entry is HistoryEntry.Failed failed ? failed with { Failure = WithoutStack(failed.Failure) } : entry;

    private static TaskFailureDetails WithoutStack(TaskFailureDetails failure) => new(
        failure.ErrorType,
        failure.ErrorMessage,
        null,
        failure.InnerFailure is { } inner ? WithoutStack(inner) : null,
        null);
}
