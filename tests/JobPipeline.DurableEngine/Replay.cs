using System.Text.Json;
using Microsoft.DurableTask;

namespace JobPipeline.DurableEngine;

/// <summary>Replays an orchestrator from its beginning over a history.</summary>
internal sealed class Replay
{
    private readonly DurableInstance _instance;
    private readonly Func<TaskOrchestrationContext, Task<object?>> _orchestrator;
    private readonly JsonSerializerOptions _json;
    private readonly OrchestratorThread _thread;
    private readonly Queue<HistoryEntry> _held = [];
    private Task<object?>? _run;

    public Replay(
        DurableInstance instance,
        Func<TaskOrchestrationContext, Task<object?>> orchestrator,
        JsonSerializerOptions json,
        Action<OrchestratorDefectException> report)
    {
        (_instance, _orchestrator, _json) = (instance, orchestrator, json);
        _thread = new OrchestratorThread(
            actual => report(new OrchestratorDefectException(instance.Id, null, "only tasks of the context to be awaited", actual)));
        Context = new ReplayContext(instance, _thread, json);
    }

    public ReplayContext Context { get; }

    public bool IsSuspended { get; private set; }

    /// <summary>The termination of the instance, if any; later decisions are ignored.</summary>
    public HistoryEntry.Terminated? Terminated { get; private set; }

    /// <summary>Events that arrived after the decision to continue as new, for the next execution.</summary>
    public List<HistoryEntry.Raised> CarriedOver { get; } = [];

    /// <summary>Whether the function has returned or thrown, with no open tasks.</summary>
    public bool IsDone => _run is { IsCompleted: true } && !Context.HasOpenTasks;

    public Exception? Error => _run?.Exception?.InnerException ?? (_run is { IsCanceled: true } ? new TaskCanceledException(_run) : null);

    public string? Output => _run is { IsCompletedSuccessfully: true } ? DurableJson.Write(_run.Result, _json) : null;

    /// <param name="past">The number of history entries from earlier turns.</param>
    /// <exception cref="OrchestratorDefectException">
    /// The orchestrator's decisions differ from its history, or it waits for something that no history entry can complete.
    /// </exception>
    public void Run(int past)
    {
        _thread.Run(() =>
        {
            for (var position = 0; position < _instance.History.Count; position++)
            {
                Context.IsInThePast = position < past;
                Apply(position, _instance.History[position]);
            }
        });
        if (_run is { IsCompleted: false } && !Context.HasOpenTasks && !Context.Waiters.HasLive && !IsSuspended && Terminated is null)
            throw new OrchestratorDefectException(
                _instance.Id, null, "only tasks of the context to be awaited", "it waits for something that the context did not give");
    }

    private void Apply(int position, HistoryEntry entry)
    {
        switch (entry)
        {
            case HistoryEntry.TurnBegan turn:
                if (Context.Pending.Values.FirstOrDefault() is { } extra)
                    throw new OrchestratorDefectException(_instance.Id, position, "the end of the turn", $"the replay asks for {extra}");
                Context.Now = turn.At;
                break;
            case HistoryEntry.Decided decided:
                Check(position, decided.Decision);
                break;
            case HistoryEntry.Terminated terminated:
                Terminated ??= terminated;
                break;
            case HistoryEntry.Suspended:
                IsSuspended = true;
                break;
            case HistoryEntry.Resumed:
                IsSuspended = false;
                while (!IsSuspended && _held.TryDequeue(out var held))
                    Apply(position, held);
                break;
            case var _ when IsSuspended:
                _held.Enqueue(entry);
                break;
            case HistoryEntry.Started:
                _run = StartAsync();
                break;
            case HistoryEntry.Raised raised when Context.NextExecution is null:
                Context.Waiters.Take(raised);
                break;
            case HistoryEntry.Raised raised:
                CarriedOver.Add(raised);
                break;
            default:
                Context.Answer(entry);
                break;
        }
    }

    private void Check(int position, Decision expected)
    {
        if (!Context.Pending.Remove(expected.Id, out var actual))
            throw new OrchestratorDefectException(_instance.Id, position, expected.ToString(), "the replay asks for nothing");
        if (actual != expected)
            throw new OrchestratorDefectException(_instance.Id, position, expected.ToString(), $"the replay asks for {actual}");
    }

    private async Task<object?> StartAsync()
    {
        try
        {
            return await _orchestrator(Context);
        }
        finally
        {
            _thread.DemandHere("it ended outside its turn");
        }
    }
}
