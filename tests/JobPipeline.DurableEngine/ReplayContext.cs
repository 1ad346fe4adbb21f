using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobPipeline.DurableEngine;

/// <summary>The context of one replay: returns results from the history and records decisions.</summary>
internal sealed class ReplayContext(
    DurableInstance instance, OrchestratorThread thread, JsonSerializerOptions json) : TaskOrchestrationContext
{
    private readonly Dictionary<int, Open> _open = [];
    private int _nextId;
    private int _guids;
    private object? _status;

    /// <summary>The decisions that are not in the history (yet).</summary>
    public SortedDictionary<int, Decision> Pending { get; } = [];

    /// <summary>The cancelled timers.</summary>
    public List<int> CancelledTimers { get; } = [];

    public EventWaiters Waiters { get; } = new(json);

    public (string? Input, bool KeepsEvents)? NextExecution { get; private set; }

    public bool HasOpenTasks => _open.Count > 0;

    public DateTimeOffset Now { get; set; }

    public bool IsInThePast { get; set; }

    public override TaskName Name => instance.Name;

    public override string InstanceId => instance.Id;

    public override ParentOrchestrationInstance? Parent =>
        instance.Parent is { } parent ? new ParentOrchestrationInstance(parent.Instance.Name, parent.Instance.Id) : null;

    public override DateTime CurrentUtcDateTime => Now.UtcDateTime;

    public override bool IsReplaying => IsInThePast;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public string? WriteStatus() => DurableJson.Write(_status, json);

    public override T GetInput<T>()
    {
        thread.Demand(nameof(GetInput));
        return DurableJson.Read<T>(instance.Input, json)!;
    }

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        thread.Demand(nameof(CallActivityAsync));
        if (input is TaskOptions && options is null)
            throw new ArgumentException("Options were passed as the input.", nameof(input));
        var text = DurableJson.Write(input, json);
        Task<TResult> CallAsync() => AskAsync<TResult>(name, id => new Decision.CallActivity(id, name.Name, text));
        return options?.Retry?.Policy is { } policy ? await RetriedCall.InvokeAsync(this, policy, CallAsync) : await CallAsync();
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        thread.Demand(nameof(CallSubOrchestratorAsync));
        var child = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var text = DurableJson.Write(input, json);
        Task<TResult> CallAsync() =>
            AskAsync<TResult>(orchestratorName, id => new Decision.StartChild(id, orchestratorName.Name, child, text));
        return options?.Retry?.Policy is { } policy ? await RetriedCall.InvokeAsync(this, policy, CallAsync) : await CallAsync();
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        thread.Demand(nameof(CreateTimer));
        var id = _nextId++;
        Pending.Add(id, new Decision.SetTimer(id, new DateTimeOffset(fireAt.ToUniversalTime())));
        var source = new TaskCompletionSource<string?>();
        _open.Add(id, new Open("timer", source));
        cancellationToken.Register(() =>
        {
            if (!source.TrySetCanceled(cancellationToken))
                return;
            _open.Remove(id);
            CancelledTimers.Add(id);
        });
        return source.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        thread.Demand(nameof(WaitForExternalEvent));
        return Waiters.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        thread.Demand(nameof(SendEvent));
        Send(instanceId, eventName, DurableJson.Write(payload, json));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        thread.Demand(nameof(SetCustomStatus));
        _status = customStatus;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        thread.Demand(nameof(ContinueAsNew));
        NextExecution = (DurableJson.Write(newInput, json), preserveUnprocessedEvents);
        if (!preserveUnprocessedEvents)
            return;
        // The instance sends them to itself, so they arrive after everything already sent to it.
        foreach (var raised in Waiters.TakeUnclaimed())
            Send(InstanceId, raised.Name, raised.Payload);
    }

    public override Guid NewGuid()
    {
        thread.Demand(nameof(NewGuid));
        var name = string.Create(CultureInfo.InvariantCulture, $"{InstanceId}_{CurrentUtcDateTime:o}_{_guids++}");
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    /// <summary>Applies the result of a decision. A result without a waiter and a duplicate are ignored.</summary>
    public void Answer(HistoryEntry answer)
    {
        switch (answer)
        {
            case HistoryEntry.Succeeded succeeded when _open.Remove(succeeded.Id, out var open):
                open.Source.SetResult(succeeded.Result);
                break;
            case HistoryEntry.TimerFired fired when _open.Remove(fired.Id, out var open):
                open.Source.SetResult(null);
                break;
            case HistoryEntry.Failed failed when _open.Remove(failed.Id, out var open):
                open.Source.SetException(new TaskFailedException(open.Name, failed.Id, failed.Failure));
                break;
        }
    }

    private async Task<TResult> AskAsync<TResult>(TaskName name, Func<int, Decision> decide)
    {
        var id = _nextId++;
        Pending.Add(id, decide(id));
        var source = new TaskCompletionSource<string?>();
        _open.Add(id, new Open(name.Name, source));
        return DurableJson.Read<TResult>(await source.Task, json)!;
    }

    private void Send(string to, string name, string? payload)
    {
        var id = _nextId++;
        Pending.Add(id, new Decision.SendEvent(id, to, name, payload));
    }

    private sealed record Open(string Name, TaskCompletionSource<string?> Source);
}
