using System.Security.Cryptography.X509Certificates;
using JobPipeline.Alerts;
using JobPipeline.Alerts.Notices;
using JobPipeline.Alerts.Rules;
using JobPipeline.BuiltIn.Alerts;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;
using JobPipeline.Hosting;
using JobPipeline.BuiltIn.Tests.Web;
using JobPipeline.Jobs;
using JobPipeline.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>A job that fails permanently.</summary>
[Job(Type)]
internal sealed class HopelessJob : IJobHandler<string>
{
    public const string Type = "test.hopeless";

    public Task<JobOutcome> HandleAsync(string payload, JobContext context, CancellationToken cancellationToken) =>
        throw new JobRejectedException($"{payload} always fails");
}

/// <summary>The notification jobs on the real pipeline, in memory and in virtual time, with local receivers.</summary>
internal sealed class ReceiverScene : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static readonly AlertNotification Notice = new()
    {
        Id = "msg_2b1f",
        Kind = AlertNotificationKind.Firing,
        Rule = "oldest-job-waits",
        Title = "The oldest due job waits too long",
        Severity = 2,
        Metric = "jobpipeline.queue.oldest_age",
        Attribute = "messaging.destination.name",
        AttributeValue = "jobs-low",
        Value = 1234.5,
        Operator = ">=",
        Threshold = 900,
        Window = TimeSpan.FromMinutes(5),
        Since = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero),
        At = new DateTimeOffset(2026, 11, 24, 9, 0, 15, TimeSpan.Zero),
        Instance = "box:7:beef",
        Runbook = "docs/operations.md#the-oldest-job-waits-too-long",
    };

    /// <param name="settings">Settings in the section <c>JobPipeline:Alerts</c>.</param>
    public ReceiverScene(params (string Name, string? Value)[] settings)
        : this(null, null, settings)
    {
    }

    /// <param name="authority">The only trusted certificate authority.</param>
    /// <param name="rules">Rules that replace the shipped ones.</param>
    /// <param name="settings">Settings in the section <c>JobPipeline:Alerts</c>.</param>
    public ReceiverScene(X509Certificate2? authority, AlertRule[]? rules, params (string Name, string? Value)[] settings)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [$"{OutboundOptions.Section}:AllowedNetworks:0"] = "127.0.0.1/32",
            [$"{OutboundOptions.Section}:AllowedPorts:0"] = "1024-65535",
        };
        foreach (var (name, value) in settings)
            configuration[$"{AlertOptions.Section}:{name}"] = value;
        Harness = new JobTestHarness(new JobTestHarnessOptions
        {
            Handlers = [typeof(AlertWebhookJob), typeof(AlertEmailJob), typeof(HopelessJob)],
            Configuration = configuration,
            // The verifiers of signatures use the real time.
            Time = new VirtualTimeProvider(TimeProvider.System.GetUtcNow()),
            ConfigureServices = services =>
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
                services.AddMetrics();
                if (authority is not null)
                    services.AddSingleton(new TlsTrust([authority]));
                if (rules is not null)
                    services.AddSingleton(new AlertRules(rules, new AlertOptions { ResolveAfter = TimeSpan.FromMinutes(1) }));
                services.AddAlertMonitor();
                services.AddBuiltInJobs(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
            },
        });
    }

    public JobTestHarness Harness { get; }

    public LogCapture Log { get; } = new();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static (string Name, string? Value)[] Webhook(string url, params string[] secrets) =>
    [
        ("Receivers:Webhooks:chat:Url", url),
        .. (secrets.Length > 0 ? secrets : [Secret]).Select((secret, i) => ($"Receivers:Webhooks:chat:Secrets:{i}", (string?)secret)),
    ];

    public static (string Name, string? Value)[] Email(int port, params (string Name, string? Value)[] more) =>
    [
        ("Receivers:Emails:ops:Host", "127.0.0.1"),
        ("Receivers:Emails:ops:Port", $"{port}"),
        ("Receivers:Emails:ops:From", "Pipeline <pipeline@example.com>"),
        ("Receivers:Emails:ops:To:0", "ada@example.com"),
        ("Receivers:Emails:ops:To:1", "Bob <bob@example.com>"),
        .. more.Select(setting => ($"Receivers:Emails:ops:{setting.Name}", setting.Value)),
    ];

    /// <summary>Sends a notification and runs the job to its end.</summary>
    public async Task<JobId> NotifyAsync(string type, string receiver, AlertNotification? notice = null)
    {
        var id = await Harness.EnqueueAsync(type, new AlertDelivery(receiver, notice ?? Notice), Token);
        await Harness.RunUntilIdleAsync(Token);
        return id;
    }

    public async Task<JobState?> StateAsync(JobId id) => await Harness.GetStateAsync(id, Token);

    public ValueTask DisposeAsync() => Harness.DisposeAsync();
}
