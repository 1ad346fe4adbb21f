using System.Text.Json;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>A self-host whose memory is limited as that of a container.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class GovernorTests(SharedAzurite azurite)
{
    private const long Limit = 600L << 20;
    private const int Killed = 128 + 9;
    private const int Jobs = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_WithDeclaredMemory_RunsAllJobsWithoutBeingKilled()
    {
        await using var group = MemoryGroup.Create(Limit);
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var jobs = await EnqueueAsync(producer);
        using var host = new TestHostProcess(
            azurite.ConnectionString, prefix, "JobPipeline:Jobs:test.memory:Memory=110MB") { Group = group };
        await host.StartAsync();

        var counts = await HistoryChecker.JudgeAsync(producer, jobs, maxDeaths: 0, host);

        Assert.Equal((Jobs, Jobs, 0), (counts.Jobs, counts.Attempts, counts.Deaths));
        Assert.Empty(counts.DeadLetters);
        Assert.Equal(0, group.Kills);
        Assert.Equal(Limit, (await InstanceAsync(host)).GetProperty("memory").GetProperty("limitBytes").GetInt64());
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task Host_WithoutTheGovernor_IsKilled()
    {
        await using var group = MemoryGroup.Create(Limit);
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            prefix,
            "JobPipeline:Jobs:test.memory:Memory=110MB",
            "JobPipeline:Governor:Enabled=false") { Group = group };
        await host.StartAsync();
        await EnqueueAsync(producer);

        Assert.Equal(Killed, await host.WaitAsync());

        Assert.True(group.Kills > 0, "the kernel killed nothing");
    }

    [Fact]
    public async Task Host_WhosePageCacheIsFull_StartsJobsAsBefore()
    {
        await using var group = MemoryGroup.Create(Limit);
        using var host = new TestHostProcess(
            azurite.ConnectionString, azurite.NewPrefix(), "JobPipeline:Instances:BeatInterval=00:00:01") { Group = group };
        await host.StartAsync();
        var file = Path.GetTempFileName();
        try
        {
            await using (var sparse = File.OpenWrite(file))
                sparse.SetLength(2 * Limit);
            await group.RunAsync("/bin/sh", "-c", "cat \"$0\" > /dev/null", file);
            Assert.True(group.UsedBytes > Limit * 0.9, $"only {group.UsedBytes} bytes are in use");
            var before = (await InstanceAsync(host)).GetProperty("lastHeartbeatAt").GetDateTimeOffset();

            var instance = await Eventually.UntilAsync(
                () => InstanceAsync(host), row => row.GetProperty("lastHeartbeatAt").GetDateTimeOffset() > before.AddSeconds(2));

            Assert.Equal("open", instance.GetProperty("governor").GetProperty("level").GetString());
            Assert.True(instance.GetProperty("memory").GetProperty("bytes").GetInt64() < Limit * 0.75, $"{instance}");
            Assert.True(group.UsedBytes > Limit * 0.9, $"only {group.UsedBytes} bytes are in use");
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal(0, await host.StopAsync());
    }

    private static async Task<IReadOnlyCollection<JobId>> EnqueueAsync(Producer producer)
    {
        var jobs = new List<JobId>();
        for (var i = 0; i < Jobs; i++)
            jobs.Add((await producer.Jobs.EnqueueAsync(JobRequest.For("test.memory", new MemoryPayload()), Token)).Id);
        return jobs;
    }

    /// <summary>The only instance, as of its last heartbeat.</summary>
    private static async Task<JsonElement> InstanceAsync(TestHostProcess host)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        return await Eventually.UntilAsync(
            async () => JsonElement.Parse(await http.GetByteArrayAsync(new Uri("api/instances", UriKind.Relative), Token))
                .GetProperty("instances").EnumerateArray().FirstOrDefault(),
            row => row.ValueKind == JsonValueKind.Object && row.TryGetProperty("memory", out _));
    }
}
