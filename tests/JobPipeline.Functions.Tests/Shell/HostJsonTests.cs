using System.Text.Json;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>The settings in host.json on which the app depends.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonElement Host = JsonDocument.Parse(Repository.Read("host.json")).RootElement;
    private static readonly JsonElement Durable = Host.GetProperty("extensions").GetProperty("durableTask");
    private static readonly JsonElement Queues = Host.GetProperty("extensions").GetProperty("queues");

    [Fact]
    public void HostJson_ForQueues_AcceptsPlainTextAndDelaysFailedMessages()
    {
        Assert.Equal("none", Queues.GetProperty("messageEncoding").GetString());
        Assert.Equal("00:00:30", Queues.GetProperty("visibilityTimeout").GetString());
        Assert.Equal(50, Queues.GetProperty("maxDequeueCount").GetInt32());
        Assert.Equal("00:00:02", Queues.GetProperty("maxPollingInterval").GetString());
        Assert.InRange(Queues.GetProperty("batchSize").GetInt32(), 1, 32);
        Assert.InRange(Queues.GetProperty("newBatchThreshold").GetInt32(), 1, 1000);
    }

    /// <summary>
    /// The in-flight messages of a lost instance stay hidden for this time before others continue; with Durable's default of 5
    /// minutes, a workflow would stall that long. For activities it is longer than the lease of a job, so that the job of a lost
    /// worker can be taken over at once. The message of a running activity is renewed, so a long activity does not run twice.
    /// Control messages can't be hidden for less than a minute: the extension would not start.
    /// </summary>
    [Fact]
    public void HostJson_ForDurable_HidesMessagesOfALostInstanceForAboutAMinute()
    {
        var storage = Durable.GetProperty("storageProvider");
        Assert.Equal("00:01:30", storage.GetProperty("workItemQueueVisibilityTimeout").GetString());
        Assert.Equal("00:01:00", storage.GetProperty("controlQueueVisibilityTimeout").GetString());
    }

    /// <summary>
    /// An orchestrator that is kept in memory continues where it is; otherwise each event replays it from its beginning. While it is
    /// kept it occupies a place among the orchestrators of the process, of which Durable keeps at most half, so the time is short.
    /// </summary>
    [Fact]
    public void HostJson_ForDurable_KeepsOrchestratorsInMemoryForSeconds()
    {
        Assert.True(Durable.GetProperty("extendedSessionsEnabled").GetBoolean());
        Assert.InRange(Durable.GetProperty("extendedSessionIdleTimeoutInSeconds").GetInt32(), 5, 30);
        Assert.InRange(Durable.GetProperty("maxConcurrentOrchestratorFunctions").GetInt32(), 32, 100);
    }

    [Fact]
    public void HostJson_ForHttp_HasNoRoutePrefix() =>
        Assert.Equal("", Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());

    [Fact]
    public void HostJson_ForTheHost_IsVersion2WithoutABundleAndUsesOpenTelemetry()
    {
        Assert.Equal("2.0", Host.GetProperty("version").GetString());
        Assert.Equal("00:30:00", Host.GetProperty("functionTimeout").GetString());
        Assert.Equal("OpenTelemetry", Host.GetProperty("telemetryMode").GetString());
        Assert.False(Host.TryGetProperty("extensionBundle", out _));
    }

    /// <summary>
    /// If distributed tracing is enabled, Durable warns at each start without a connection string. The deployment enables it.
    /// </summary>
    [Fact]
    public void Durable_WithoutAConnectionString_DoesNotWarn()
    {
        var tracing = Host.GetProperty("extensions").GetProperty("durableTask").GetProperty("tracing");

        Assert.False(tracing.TryGetProperty("distributedTracingEnabled", out _));
        Assert.Equal("V2", tracing.GetProperty("version").GetString());
    }

    [Fact]
    public void HostJson_InTheOutput_IsNextToTheApp() =>
        Assert.Equal(Repository.Read("host.json"), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

    [Fact]
    public void Settings_OfTheSample_PointAtTheEmulatorAndTheIsolatedWorker()
    {
        var values = JsonDocument.Parse(Repository.Read("local.settings.sample.json")).RootElement.GetProperty("Values");
        Assert.Equal("UseDevelopmentStorage=true", values.GetProperty("AzureWebJobsStorage").GetString());
        Assert.Equal("dotnet-isolated", values.GetProperty("FUNCTIONS_WORKER_RUNTIME").GetString());
    }
}
