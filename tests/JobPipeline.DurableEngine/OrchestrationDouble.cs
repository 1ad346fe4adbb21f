using System.Text.Json;
using JobPipeline.Testing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.DurableEngine;

/// <summary>
/// A double of the orchestration engine, deterministic and in virtual time. Every event replays the orchestrator from its
/// beginning over the recorded history, so a nondeterministic orchestrator is detected at once. The double responds to
/// defective orchestrators as the real engine does; where that would hang silently, it throws
/// <see cref="OrchestratorDefectException"/>.
/// </summary>
internal sealed class OrchestrationDouble(VirtualTimeProvider time, JsonSerializerOptions? json = null)
{
    /// <summary>The maximum size of the custom status, in UTF-16 bytes.</summary>
    public const int MaxStatusBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(
        StringComparer.OrdinalIgnoreCase);
    private readonly ActivityRunner _activities = new(json ?? DurableJson.Default);
    private readonly Dictionary<string, DurableInstance> _instances = new(StringComparer.Ordinal);
    private readonly List<Func<Task>> _work = [];
    private readonly HashSet<DurableInstance> _hasTurn = [];
    private readonly DurableTimers _timers = new();
    private OrchestratorDefectException? _defect;

    public JsonSerializerOptions Json { get; } = json ?? DurableJson.Default;

    /// <summary>Chooses which of the given number of runnable work items runs next; the default is the oldest.</summary>
    public Func<int, int> Choose { get; set; } = static _ => 0;

    /// <summary>The fault that is injected into an activity call.</summary>
    public Func<string, ActivityFault> Fault
    {
        set => _activities.Fault = value;
    }

    /// <summary>The maximum number of events per turn. The real engine takes all available ones; 1 causes the most replays.</summary>
    public int EventsPerTurn { get; set; } = 1;

    /// <summary>Whether timers fire early, as on Durable's Azure Storage back end (<see cref="DurableTimers.DeliveryOf"/>).</summary>
    public bool CutsTimersDown { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public IReadOnlyCollection<DurableInstance> Instances
    {
        get
        {
            lock (_gate)
            {
                return [.. _instances.Values];
            }
        }
    }

    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) => _orchestrators.Add(name, run);

    /// <param name="name">The name of the activity.</param>
    /// <param name="run">The activity; its input is JSON, or null for none.</param>
    public void AddActivity(string name, Func<string?, Task<object?>> run) => _activities.Add(name, run);

    /// <summary>Finds an instance; null if it does not exist.</summary>
    public DurableInstance? Find(string id)
    {
        lock (_gate)
        {
            return _instances.GetValueOrDefault(id);
        }
    }

    /// <summary>
    /// Processes everything that is due now, without advancing the time. May be called while an earlier call waits for an
    /// activity.
    /// </summary>
    /// <exception cref="OrchestratorDefectException">An orchestrator broke a rule.</exception>
    public async Task RunDueAsync(CancellationToken cancellationToken = default)
    {
        while (await RunNextAsync())
            cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Processes the next work item that is due now. Returns false if there is none.</summary>
    /// <inheritdoc cref="RunDueAsync" path="/exception"/>
    public async Task<bool> RunNextAsync()
    {
        if (Take() is not { } work)
            return false;
        await work();
        return true;
    }

    /// <summary>Processes everything, advancing the time to the next timer, until nothing is left.</summary>
    /// <inheritdoc cref="RunDueAsync" path="/exception"/>
    public async Task RunUntilIdleAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            await RunDueAsync(cancellationToken);
            if (NextDue() is not { } due)
                return;
            time.Advance(due - Now);
        }
    }

    /// <summary>The time at which the next timer is due, or null if none is set.</summary>
    public DateTimeOffset? NextDue()
    {
        lock (_gate)
        {
            return _timers.NextDue;
        }
    }

    /// <summary>Starts an instance; returns null if one with this id is already running.</summary>
    public DurableInstance? TryStart(
        string name,
        string id,
        string? input,
        DateTimeOffset? at = null,
        DurableParent? parent = null,
        IEnumerable<OrchestrationRuntimeStatus>? refused = null)
    {
        lock (_gate)
        {
            if (!_orchestrators.ContainsKey(name))
                throw new ArgumentException($"There is no orchestrator '{name}'.", nameof(name));
            if (_instances.TryGetValue(id, out var there) && (!there.HasEnded || refused?.Contains(there.Status) == true))
                return null;
            var instance = new DurableInstance(id, name, input, Now, parent);
            _instances[id] = instance;
            if (at > Now)
                _timers.Add(instance, new HistoryEntry.Started(input), at.Value);
            else
                Deliver(instance, instance.Execution, new HistoryEntry.Started(input));
            return instance;
        }
    }

    /// <summary>Sends an entry to an instance. Returns false, and drops the entry, if the instance is missing or has ended.</summary>
    public bool TrySend(string id, HistoryEntry entry)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(id, out var instance) && Deliver(instance, instance.Execution, entry);
        }
    }

    /// <summary>Removes an ended instance, optionally with its children, and returns the number of removed instances.</summary>
    public int Purge(string id, bool isRecursive)
    {
        lock (_gate)
        {
            if (!_instances.TryGetValue(id, out var instance) || !instance.HasEnded)
                return 0;
            _instances.Remove(id);
            return 1 + (isRecursive ? ChildrenOf(instance).Sum(child => Purge(child.Id, isRecursive)) : 0);
        }
    }

    public IReadOnlyList<DurableInstance> ChildrenOf(DurableInstance instance)
    {
        lock (_gate)
        {
            return [.. _instances.Values.Where(child => child.Parent?.Instance == instance)];
        }
    }

    private Func<Task>? Take()
    {
        lock (_gate)
        {
            if (_defect is not null)
                throw _defect;
            foreach (var due in _timers.TakeDue(Now))
                Deliver(due.Instance, due.Execution, due.Entry);
            if (_work.Count == 0)
                return null;
            var next = Choose(_work.Count);
            var work = _work[next];
            _work.RemoveAt(next);
            return work;
        }
    }

    private bool Deliver(DurableInstance instance, int execution, HistoryEntry entry)
    {
        if (instance.HasEnded || instance.Execution != execution)
            return false;
        instance.Inbox.Enqueue(entry);
        if (_hasTurn.Add(instance))
            _work.Add(() => RunTurn(instance));
        return true;
    }

    private Task RunTurn(DurableInstance instance)
    {
        lock (_gate)
        {
            _hasTurn.Remove(instance);
            if (instance.HasEnded)
                return Task.CompletedTask;
            var turn = new OrchestratorTurn(instance, _orchestrators[instance.Name], Json, Report);
            var outcome = turn.Run(Now, EventsPerTurn);
            _timers.Remove(instance, turn.CancelledTimers);
            if (outcome is TurnOutcome.ContinuesAsNew next)
            {
                _timers.Remove(instance);
                next.Begin(instance);
            }

            foreach (var decision in turn.Decisions)
                Carry(instance, turn.Execution, decision);
            if (outcome is TurnOutcome.Ended ended)
                End(instance, ended);
            if (instance.Inbox.Count > 0 && _hasTurn.Add(instance))
                _work.Add(() => RunTurn(instance));
        }

        return Task.CompletedTask;
    }

    private void Carry(DurableInstance instance, int execution, Decision decision)
    {
        switch (decision)
        {
            case Decision.CallActivity call:
                _work.Add(() => _activities.RunAsync(call, answer =>
                {
                    lock (_gate)
                    {
                        Deliver(instance, execution, answer);
                    }
                }));
                break;
            case Decision.SetTimer timer when execution == instance.Execution:
                var due = CutsTimersDown ? DurableTimers.DeliveryOf(timer.Due, Now) : timer.Due;
                _timers.Add(instance, new HistoryEntry.TimerFired(timer.Id), due);
                break;
            case Decision.SendEvent send:
                TrySend(send.Instance, new HistoryEntry.Raised(send.Name, send.Payload));
                break;
            case Decision.StartChild child:
                _ = TryStart(child.Name, child.Instance, child.Input, parent: new DurableParent(instance, execution, child.Id))
                    ?? throw Report(
                        new OrchestratorDefectException(
                            instance.Id, null, "an id of its own for a sub-orchestration", $"'{child.Instance}' runs already"));
                break;
        }
    }

    private void End(DurableInstance instance, TurnOutcome.Ended ended)
    {
        (instance.Status, instance.Output, instance.Failure) = (ended.Status, ended.Output, ended.Failure);
        instance.Inbox.Clear();
        _timers.Remove(instance);
        if (instance.Parent is { } parent)
        {
            HistoryEntry answer = ended.Status == OrchestrationRuntimeStatus.Completed
                ? new HistoryEntry.Succeeded(parent.Task, ended.Output)
                : new HistoryEntry.Failed(
                    parent.Task, ended.Failure ?? new TaskFailureDetails("Terminated", ended.Output ?? "", null, null, null));
            Deliver(parent.Instance, parent.Execution, answer);
        }

        instance.Ended.TrySetResult();
    }

    private OrchestratorDefectException Report(OrchestratorDefectException defect) =>
        Interlocked.CompareExchange(ref _defect, defect, null) ?? defect;
}
