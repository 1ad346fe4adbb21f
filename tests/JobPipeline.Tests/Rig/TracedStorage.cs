using JobPipeline.Alerts;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Maintenance.Overdue;
using JobPipeline.Maintenance.Retention;
using JobPipeline.Testing;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Rig;

/// <summary>All ports in memory. Records every call, and can make it fail before or after it takes effect.</summary>
internal sealed class TracedStorage(VirtualTimeProvider time) : IJobStore, IJobQueue, IPayloadStore, IUniqueKeyStore, IDeadLetterStore
{
    public VirtualTimeProvider Time { get; } = time;

    public InMemoryJobStore Store { get; } = new();

    public InMemoryQueue Queue { get; } = new(time);

    public InMemoryPayloadStore Payloads { get; } = new(time);

    public InMemoryUniqueKeyStore Keys { get; } = new();

    public InMemoryDeadLetterStore DeadLetters { get; } = new();

    public InMemoryPauseStore Pauses { get; } = new();

    public InMemoryInstanceStore Instances { get; } = new();

    public InMemoryAlertStore Alerts { get; } = new();

    public TracedErrorGroups ErrorGroups { get; } = new();

    public InMemorySweepLedger Ledger { get; } = new();

    public InMemorySweepLedger OverdueLedger { get; } = new();

    public InMemoryWorkflowStore Workflows => field ??= new InMemoryWorkflowStore(WorkflowData);

    public InMemoryWorkflowData WorkflowData { get; } = new();

    /// <summary>The calls in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Whether sent messages are lost although the send succeeds.</summary>
    public bool LosesMessages { get; set; }

    /// <summary>Returns true for a call that fails without effect.</summary>
    public Func<string, bool> FailsBefore { get; set; } = static _ => false;

    /// <summary>Returns true for a call whose response is lost.</summary>
    public Func<string, bool> FailsAfter { get; set; } = static _ => false;

    /// <summary>Registers this storage, and in-memory adapters for the other ports.</summary>
    public IServiceCollection AddTo(IServiceCollection services) => services
        .AddSingleton<IJobStore>(this).AddSingleton(Store)
        .AddSingleton<IJobQueue>(this)
        .AddSingleton<IPayloadStore>(this).AddSingleton(Payloads)
        .AddSingleton<IUniqueKeyStore>(this).AddSingleton(Keys)
        .AddSingleton<IDeadLetterStore>(this).AddSingleton(DeadLetters)
        .AddSingleton<IErrorGroupStore>(ErrorGroups)
        .AddSingleton<IPauseStore>(Pauses)
        .AddSingleton<IInstanceStore>(Instances)
        .AddSingleton<IAlertStore>(Alerts)
        .AddSingleton<IWorkflowStore>(Workflows)
        .AddSingleton<IWorkflowData>(WorkflowData)
        .AddKeyedSingleton<ISweepLedger>(RetentionSweeper.Name, Ledger)
        .AddKeyedSingleton<ISweepLedger>(OverdueSweep.Name, OverdueLedger)
        .AddInMemoryStorage(Queue);

    Task<JobSnapshot> IJobStore.ReadAsync(JobId id, CancellationToken cancellationToken) =>
        CallAsync("read rows", () => Store.ReadAsync(id, cancellationToken));

    public Task<TransitionResult> ApplyAsync(JobTransition transition, CancellationToken cancellationToken) =>
        CallAsync($"write {transition.Record?.Status.State.ToString() ?? "touch"}", () => Store.ApplyAsync(transition, cancellationToken));

    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken) =>
        CallAsync($"send to {queue}", async () =>
        {
            if (!LosesMessages)
                await Queue.SendAsync(queue, body, delay, cancellationToken);
            return true;
        });

    public Task WriteAsync(PayloadName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        CallAsync("write payload", async () =>
        {
            await Payloads.WriteAsync(name, content, cancellationToken);
            return true;
        });

    public Task<ReadOnlyMemory<byte>?> ReadAsync(PayloadName name, CancellationToken cancellationToken) =>
        CallAsync("read payload", () => Payloads.ReadAsync(name, cancellationToken));

    public Task<bool> TryPutAsync(UniqueKey key, CancellationToken cancellationToken) =>
        CallAsync("put key", () => Keys.TryPutAsync(key, cancellationToken));

    public Task<UniqueKey?> ReadAsync(string type, string key, CancellationToken cancellationToken) =>
        CallAsync("read key", () => Keys.ReadAsync(type, key, cancellationToken));

    public Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken) =>
        CallAsync("write dead letter", async () =>
        {
            await DeadLetters.AddAsync(deadLetter, cancellationToken);
            return true;
        });

    Task<DeadLetter?> IDeadLetterStore.ReadAsync(JobId id, CancellationToken cancellationToken) =>
        CallAsync("read dead letter", () => DeadLetters.ReadAsync(id, cancellationToken));

    public Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken) =>
        CallAsync("write replays", () => DeadLetters.TryWriteReplaysAsync(deadLetter, cancellationToken));

    public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken) =>
        CallAsync("list dead letters", () => DeadLetters.ListAsync(filter, before, limit, cancellationToken));

    public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) =>
        CallAsync("remove dead letter", () => DeadLetters.RemoveAsync(id, cancellationToken));

    private async Task<T> CallAsync<T>(string call, Func<Task<T>> operate)
    {
        lock (Calls)
            Calls.Add(call);
        if (FailsBefore(call))
            throw new IOException($"no answer to '{call}'");
        var result = await operate();
        return FailsAfter(call) ? throw new IOException($"the answer to '{call}' was lost") : result;
    }
}
