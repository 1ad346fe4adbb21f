using System.Text;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>The local runner on storage that fails persistently for one workflow instance, in a way that the test defines.</summary>
internal sealed class PoisonRig : IAsyncDisposable
{
    public const string Id = "poisoned";
    public const string Healthy = "healthy";

    private readonly PoisonedStore _store;

    public PoisonRig()
    {
        var store = default(PoisonedStore);
        Pipeline = TestPipeline.With([typeof(FlowJob)], services =>
        {
            services.AddSingleton<FlowScript>();
            services.AddSingleton<IWorkflowStore>(provider =>
                store = new PoisonedStore(((TracedStorage)provider.GetRequiredService<IJobStore>()).Workflows));
            services.AddSingleton<IJobQueue>(provider => new PoisonedQueue((TracedStorage)provider.GetRequiredService<IJobStore>(), this));
        });
        Pipeline.Get<LocalWorkflowRunner>();
        _store = store!;
    }

    public TestPipeline Pipeline { get; }

    /// <summary>Returns the exception of a send to a job queue; null when it succeeds.</summary>
    public Func<string, Exception?> JobSends { get; set; } = static _ => null;

    /// <summary>Returns the exception of a write of an instance; null when it succeeds.</summary>
    public Func<WorkflowInstance, Exception?> Saves
    {
        set => _store.Fails = value;
    }

    /// <summary>The number of messages sent to the workflow-event queue, by workflow instance.</summary>
    public Dictionary<string, int> EventsSent { get; } = new(StringComparer.Ordinal);

    public FlowScript Script => Pipeline.Get<FlowScript>();

    public IWorkflowRuntime Workflows => Pipeline.Get<IWorkflowRuntime>();

    public Task<bool> StartAsync(string definition, string input = "{}", string id = Id) =>
        Workflows.StartAsync(
            WorkflowReader.Read(Encoding.UTF8.GetBytes(definition), out _)!,
            id,
            Encoding.UTF8.GetBytes(input),
            null,
            CancellationToken.None);

    public async Task<WorkflowInstance> ReadAsync(string id = Id) => (await Workflows.ReadAsync(id, CancellationToken.None))!;

    /// <summary>Advances time and processes everything that becomes due.</summary>
    public async Task RunForAsync(TimeSpan time)
    {
        for (var end = Pipeline.Now + time; ;)
        {
            while (await Pipeline.DeliverEventsAsync())
            {
            }

            if (Pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal))
                await Pipeline.DeliverOneAsync();
            else if (Pipeline.Now >= end)
                return;
            else
                Pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();

    private sealed class PoisonedQueue(TracedStorage storage, PoisonRig rig) : IJobQueue
    {
        public Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
        {
            if (queue == WorkflowEvents.Queue)
            {
                var instance = WorkflowEvents.Read(body).Instance;
                rig.EventsSent[instance] = rig.EventsSent.GetValueOrDefault(instance) + 1;
            }
            else if (rig.JobSends(Encoding.UTF8.GetString(body.Span)) is { } error)
            {
                throw error;
            }

            return storage.SendAsync(queue, body, delay, cancellationToken);
        }
    }

    private sealed class PoisonedStore(IWorkflowStore inner) : IWorkflowStore
    {
        public Func<WorkflowInstance, Exception?> Fails { get; set; } = static _ => null;

        public Task<WorkflowInstance?> ReadAsync(string id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

        public Task<string?> TryWriteAsync(WorkflowInstance instance, CancellationToken cancellationToken) =>
            Fails(instance) is { } error ? throw error : inner.TryWriteAsync(instance, cancellationToken);

        public Task<WorkflowPage> ListAsync(WorkflowFilter filter, string? cursor, int limit, CancellationToken cancellationToken) =>
            inner.ListAsync(filter, cursor, limit, cancellationToken);

        public Task<bool> RemoveAsync(string id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);

        public Task RemoveListingAsync(WorkflowSummary listed, CancellationToken cancellationToken) =>
            inner.RemoveListingAsync(listed, cancellationToken);
    }
}
