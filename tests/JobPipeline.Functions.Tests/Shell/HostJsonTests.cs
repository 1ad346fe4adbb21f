using System.Text.Json;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>Settings of the host on which the shell rests.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonElement Host = JsonDocument.Parse(Repository.Read("host.json")).RootElement;
    private static readonly JsonElement Queues = Host.GetProperty("extensions").GetProperty("queues");

    [Fact]
    public void Queues_TakePlainTextAndGiveAFailedMessageTime()
    {
        Assert.Equal("none", Queues.GetProperty("messageEncoding").GetString());
        Assert.Equal("00:00:30", Queues.GetProperty("visibilityTimeout").GetString());
        Assert.Equal(50, Queues.GetProperty("maxDequeueCount").GetInt32());
        Assert.Equal("00:00:02", Queues.GetProperty("maxPollingInterval").GetString());
        Assert.InRange(Queues.GetProperty("batchSize").GetInt32(), 1, 32);
        Assert.InRange(Queues.GetProperty("newBatchThreshold").GetInt32(), 1, 1000);
    }

    /// <summary>
    /// What a lost instance had in hand is hidden for so long, and then others go on with it; at Durable's own 5 minutes a workflow
    /// stands still that long. The message of a running activity is renewed about every 5 seconds then, so a long one does not run
    /// twice. Control messages can't be hidden for less than a minute: the extension refuses to start.
    /// </summary>
    [Fact]
    public void Durable_HidesWhatALostInstanceHadForAMinuteAtMost()
    {
        var storage = Host.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider");
        Assert.Equal("00:00:30", storage.GetProperty("workItemQueueVisibilityTimeout").GetString());
        Assert.Equal("00:01:00", storage.GetProperty("controlQueueVisibilityTimeout").GetString());
    }

    [Fact]
    public void Routes_HaveNoPrefix() => Assert.Equal("", Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());

    [Fact]
    public void Host_IsVersion2WithoutABundleAndSpeaksOpenTelemetry()
    {
        Assert.Equal("2.0", Host.GetProperty("version").GetString());
        Assert.Equal("00:30:00", Host.GetProperty("functionTimeout").GetString());
        Assert.Equal("OpenTelemetry", Host.GetProperty("telemetryMode").GetString());
        Assert.False(Host.TryGetProperty("extensionBundle", out _));
    }

    /// <summary>Where it is enabled, Durable warns at each start without a connection string. The deployment enables it.</summary>
    [Fact]
    public void Durable_WithoutAConnectionString_HasNothingToWarnOf()
    {
        var tracing = Host.GetProperty("extensions").GetProperty("durableTask").GetProperty("tracing");

        Assert.False(tracing.TryGetProperty("distributedTracingEnabled", out _));
        Assert.Equal("V2", tracing.GetProperty("version").GetString());
    }

    [Fact]
    public void HostJson_LiesBesideTheApp() =>
        Assert.Equal(Repository.Read("host.json"), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

    [Fact]
    public void SampleSettings_PointAtTheEmulatorAndTheIsolatedWorker()
    {
        var values = JsonDocument.Parse(Repository.Read("local.settings.sample.json")).RootElement.GetProperty("Values");
        Assert.Equal("UseDevelopmentStorage=true", values.GetProperty("AzureWebJobsStorage").GetString());
        Assert.Equal("dotnet-isolated", values.GetProperty("FUNCTIONS_WORKER_RUNTIME").GetString());
    }
}
