using JobPipeline.AzureStorage;
using JobPipeline.Execution;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Local;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>The local runner on Azurite; the test delivers the queue messages.</summary>
internal sealed class LocalStage : WorkflowStage
{
    private const int EventsAtATime = 32;
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    /// <summary>A host applies one batch of events at a time, however many jobs it runs.</summary>
    private readonly SemaphoreSlim _listener = new(1);

    private readonly VirtualDelayQueue _queue;
    private readonly LocalWorkflowRunner _runner;
    private readonly DeliveryExecutor _executor;

    private LocalStage(ServiceProvider services, VirtualTimeProvider time)
        : base(services, time)
    {
        _queue = services.GetRequiredService<VirtualDelayQueue>();
        _runner = services.GetRequiredService<LocalWorkflowRunner>();
        _executor = services.GetRequiredService<DeliveryExecutor>();
    }

    public static async Task<WorkflowStage> StartAsync(SharedAzurite azurite, string[] definitions)
    {
        var (services, time) = await StageServices.CreateAsync(azurite, "self-host", definitions, (services, configuration) =>
        {
            services.AddJobPipeline(configuration, [typeof(FlowJob), typeof(QuickFlowJob)]);
            services.AddAzureStorage(configuration);
            services.AddLocalWorkflows();
        });
        return new LocalStage(services, time);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _listener.Dispose();
    }

    protected override DateTimeOffset? NextDue => _queue.NextDue;

    protected override async Task<bool> RunNextAsync()
    {
        if (await TryRunEventsAsync())
            return true;
        foreach (var queue in PriorityQueues.All)
        {
            if (await _queue.ReceiveAsync(queue, 1, Visibility, Token) is not [var delivery])
                continue;
            await SettleAsync(delivery, (await _executor.ExecuteAsync(delivery, new DeliveryTerms(Token))).PutBackUntil);
            return true;
        }

        return false;
    }

    private async Task<bool> TryRunEventsAsync()
    {
        if (!await _listener.WaitAsync(0, Token))
            return false;
        try
        {
            if (await _queue.ReceiveAsync(WorkflowEvents.Queue, EventsAtATime, Visibility, Token) is not { Count: > 0 } events)
                return false;
            var again = await _runner.RunAsync(events, Token);
            await Task.WhenAll(events.Select((delivery, i) => SettleAsync(delivery, again[i])));
            return true;
        }
        finally
        {
            _listener.Release();
        }
    }

    private Task<bool> SettleAsync(QueueDelivery delivery, DateTimeOffset? again) => again is { } until
        ? _queue.HideAsync(delivery, until - Time.GetUtcNow(), CancellationToken.None)
        : _queue.DeleteAsync(delivery, CancellationToken.None);
}
