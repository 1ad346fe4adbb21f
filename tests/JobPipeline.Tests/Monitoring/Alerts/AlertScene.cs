using System.Text.Json;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Notices;
using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Monitoring.Alerts;

/// <summary>A job that delivers notices to the receivers of a test.</summary>
[Job(Type)]
internal sealed class TellJob : IJobHandler<AlertDelivery>
{
    public const string Type = "test.tell";

    public Task<JobOutcome> HandleAsync(AlertDelivery payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}

/// <summary>One instance that evaluates alert rules.</summary>
internal sealed class AlertingInstance(TestPipeline pipeline) : IAsyncDisposable
{
    public TestPipeline Pipeline => pipeline;

    public string Name => pipeline.Get<WorkerIdentity>().Name;

    public JobMetrics Metrics => pipeline.Get<JobMetrics>();

    public AlertSilences Silences => pipeline.Get<AlertSilences>();

    public AlertOverview Overview => pipeline.Get<AlertOverview>();

    public AlertNotifications Notices => pipeline.Get<AlertNotifications>();

    /// <summary>Writes the heartbeat, as a running host does, and evaluates the rules.</summary>
    public async Task RoundAsync()
    {
        await pipeline.Heartbeat.WriteAsync("self-host", CancellationToken.None);
        await pipeline.Get<AlertWatch>().RoundAsync(CancellationToken.None);
    }

    public Task MarkStoppedAsync() => pipeline.Heartbeat.MarkStoppedAsync("self-host", "the test is over", CancellationToken.None);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    private sealed record Receivers(IReadOnlyList<AlertReceiver> All) : IAlertReceivers;

    public static AlertingInstance On(TestPipeline first, IReadOnlyList<AlertReceiver> receivers)
    {
        var instance = new AlertingInstance(
            first.Another(
                [typeof(TellJob)],
                services => services.AddAlertMonitor().AddSingleton<IAlertReceivers>(new Receivers(receivers)),
                ("JobPipeline:Alerts:ResolveAfter", "00:01:00")));
        // Starts to measure, as it does in a started host.
        instance.Pipeline.Get<AlertWatch>();
        return instance;
    }
}

/// <summary>A storage and its instances.</summary>
internal sealed class AlertScene : IAsyncDisposable
{
    private readonly TestPipeline _first = new();

    public TracedStorage Storage => _first.Storage;

    public VirtualTimeProvider Time => _first.Time;

    public AlertingInstance New(params AlertReceiver[] receivers) =>
        AlertingInstance.On(_first, receivers.Length > 0 ? receivers : [new AlertReceiver("chat", TellJob.Type)]);

    public AlertingInstance NewWithoutReceivers() => AlertingInstance.On(_first, []);

    public Task<AlertBoard> BoardAsync() => Storage.Alerts.ReadAsync(CancellationToken.None);

    /// <summary>Returns the payloads of the notification jobs on the queue, in order.</summary>
    public async Task<IReadOnlyList<AlertDelivery>> DeliveriesAsync() =>
    [
        .. (await Storage.Queue.LookAsync(PriorityQueues.Normal, CancellationToken.None)).Front
            .Select(message => JsonElement.Parse(message.Body.Span).GetProperty("payload").Deserialize<AlertDelivery>(JobJson.Options)!),
    ];

    public async Task<IReadOnlyList<AlertNotification>> NoticesAsync() =>
        [.. (await DeliveriesAsync()).Select(delivery => delivery.Notice)];

    public async Task<(string Rule, AlertNotificationKind Kind)[]> ToldAsync() =>
        [.. (await NoticesAsync()).Select(notice => (notice.Rule, notice.Kind))];

    public ValueTask DisposeAsync() => _first.DisposeAsync();
}
