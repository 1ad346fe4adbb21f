using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>A turn of an instance: adds the arrived entries to its history, replays it, and records its decisions.</summary>
internal sealed class OrchestratorTurn(
    DurableInstance instance,
    Func<TaskOrchestrationContext, Task<object?>> orchestrator,
    JsonSerializerOptions json,
    Func<OrchestratorDefectException, OrchestratorDefectException> report)
{
    public int Execution { get; } = instance.Execution;

    public IReadOnlyList<Decision> Decisions { get; private set; } = [];

    public IReadOnlyCollection<int> CancelledTimers { get; private set; } = [];

    public TurnOutcome Run(DateTimeOffset now, int most)
    {
        var past = instance.History.Count;
        instance.History.Add(new HistoryEntry.TurnBegan(now));
        for (var taken = 0; taken < most && instance.Inbox.TryDequeue(out var entry); taken++)
            instance.History.Add(entry);
        instance.Turns++;
        instance.UpdatedAt = now;
        var replay = Replay(past);
        Decisions = [.. replay.Context.Pending.Values];
        CancelledTimers = replay.Context.CancelledTimers;
        instance.History.AddRange(Decisions.Select(decision => new HistoryEntry.Decided(decision)));
        instance.CustomStatus = replay.Context.WriteStatus();
        instance.Status = replay.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
        return Judge(replay);
    }

    private TurnOutcome Judge(Replay replay)
    {
        if (replay.Terminated is { } terminated)
            return new TurnOutcome.Ended(OrchestrationRuntimeStatus.Terminated, terminated.Output, null);
        if (instance.CustomStatus?.Length * sizeof(char) > OrchestrationDouble.MaxStatusBytes)
            return new TurnOutcome.Ended(
                OrchestrationRuntimeStatus.Failed,
                null,
                DurableJson.Failure(new InvalidOperationException("The custom status has more than 16 KB of UTF-16 text.")));
        if (!replay.IsDone)
            return TurnOutcome.Waits;
        CheckOnceMore(replay);
        if (replay.Error is { } error)
            return new TurnOutcome.Ended(OrchestrationRuntimeStatus.Failed, null, DurableJson.Failure(error));
        return replay.Context.NextExecution is { } next
            ? new TurnOutcome.ContinuesAsNew(next.Input, replay.CarriedOver)
            : new TurnOutcome.Ended(OrchestrationRuntimeStatus.Completed, replay.Output, null);
    }

    /// <summary>Replays the last turn, too, which the engine would never replay, and checks that its result is the same.</summary>
    private void CheckOnceMore(Replay replay)
    {
        var again = Replay(instance.History.Count);
        var end = instance.History.Count;
        if (again.Context.Pending.Values.FirstOrDefault() is { } extra)
            throw report(new OrchestratorDefectException(instance.Id, end, "the end of the history", $"the replay asks for {extra}"));
        if (Describe(again) != Describe(replay))
            throw report(new OrchestratorDefectException(instance.Id, end, Describe(replay), $"the replay gave {Describe(again)}"));
    }

    private Replay Replay(int past)
    {
        var replay = new Replay(instance, orchestrator, json, defect => report(defect));
        try
        {
            replay.Run(past);
        }
        catch (OrchestratorDefectException defect)
        {
            throw report(defect);
        }

        return replay;
    }

    private static string Describe(Replay replay) =>
        replay.Error is { } error ? $"the failure '{error.Message}'"
        : replay.Context.NextExecution is { } next ? $"a next execution with {next.Input ?? "nothing"}"
        : $"the output {replay.Output ?? "nothing"}";
}

/// <summary>The outcome of a turn.</summary>
internal abstract record TurnOutcome
{
    public static readonly TurnOutcome Waits = new Waiting();

    private TurnOutcome()
    {
    }

    public sealed record Ended(OrchestrationRuntimeStatus Status, string? Output, TaskFailureDetails? Failure) : TurnOutcome;

    public sealed record ContinuesAsNew(string? Input, IReadOnlyList<HistoryEntry.Raised> CarriedOver) : TurnOutcome
    {
        /// <summary>
        /// The instance continues as new: its history is reset, results for the old execution are lost, and raised events are kept.
        /// </summary>
        public void Begin(DurableInstance instance)
        {
            var rest = instance.Inbox.Where(
                entry => entry is not (HistoryEntry.Succeeded or HistoryEntry.Failed or HistoryEntry.TimerFired)).ToList();
            instance.Inbox.Clear();
            instance.History.Clear();
            instance.Execution++;
            instance.Input = Input;
            foreach (var entry in CarriedOver.Prepend<HistoryEntry>(new HistoryEntry.Started(Input)).Concat(rest))
                instance.Inbox.Enqueue(entry);
        }
    }

    private sealed record Waiting : TurnOutcome;
}
