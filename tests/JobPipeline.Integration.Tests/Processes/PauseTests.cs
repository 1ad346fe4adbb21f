using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Pauses over HTTP, on real hosts: visible to other hosts and kept across restarts.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class PauseTests(SharedAzurite azurite)
{
    private const string Key = "a-key-for-the-operations-people";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PausedQueue_OnTwoHosts_StartsNothingUntilResumedAfterARestart()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var first = NewHost(prefix);
        using var second = NewHost(prefix);
        await first.StartAsync();
        await second.StartAsync();
        using var api = NewClient(first);
        using var other = NewClient(second);
        using var paused = await api.PostAsJsonAsync("api/queues/jobs/pause", new { reason = "the shop is closed" }, Token);
        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        await Eventually.TrueAsync(
            () => second.Output.Any(line => line.Contains("the shop is closed", StringComparison.Ordinal)),
            "the second host has read the pause");

        var waiting = (await producer.Jobs.EnqueueAsync(JobRequest.For("test.work", new WorkPayload()), Token)).Id;
        var elsewhere =
            (await producer.Jobs.EnqueueAsync(
                JobRequest.For("test.work", new WorkPayload()) with { Queue = PriorityQueues.High }, Token)).Id;
        await Eventually.TrueAsync(() => StateIsAsync(producer, elsewhere, JobState.Succeeded), "the job in the other queue has run");
        await second.StopAsync();
        await second.StartAsync();
        var after =
            (await producer.Jobs.EnqueueAsync(
                JobRequest.For("test.work", new WorkPayload()) with { Queue = PriorityQueues.High }, Token)).Id;
        await Eventually.TrueAsync(() => StateIsAsync(producer, after, JobState.Succeeded), "another job has run after the restart");

        var queue = await QueueAsync(other, "jobs");
        Assert.Equal(
            ("the shop is closed", "key 'ops'"),
            (queue.GetProperty("paused").GetProperty("reason").GetString(), queue.GetProperty("paused").GetProperty("by").GetString()));
        Assert.Equal(1, queue.GetProperty("depth").GetInt64());
        Assert.True(queue.TryGetProperty("oldestDueAge", out _));
        Assert.Equal(0, queue.GetProperty("poisonDepth").GetInt64());
        Assert.False((await QueueAsync(other, "jobs-high")).TryGetProperty("paused", out _));
        Assert.Empty(StartsOf(waiting, first, second));

        using var resumed = await other.PostAsync("api/queues/jobs/resume", null, Token);
        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        await Eventually.TrueAsync(() => StateIsAsync(producer, waiting, JobState.Succeeded), "the job has run after the resume");
        Assert.Single(StartsOf(waiting, first, second));
        Assert.Contains(first.Output, line => line.Contains("key 'ops' paused Queue jobs: the shop is closed", StringComparison.Ordinal));
        Assert.Contains(second.Output, line => line.Contains("key 'ops' resumed Queue jobs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PausedQueue_WithMessagesWaitingForASlot_ReleasesThem()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = NewHost(
            prefix, "JobPipeline:Listener:MaxConcurrency=1", "JobPipeline:ShutdownGrace=00:00:00", "JobPipeline:AbandonAfter=00:00:01");
        await host.StartAsync();
        using var api = NewClient(host);
        await producer.Jobs.EnqueueAsync(JobRequest.For("test.stubborn", new StubbornPayload()), Token);
        await Eventually.TrueAsync(() => host.Starts.Length == 1, "the only slot is taken");
        for (var i = 0; i < 10; i++)
            await producer.Jobs.EnqueueAsync(JobRequest.For("test.work", new WorkPayload()), Token);
        await Eventually.TrueAsync(async () => (await VisibleAsync(producer)).Count == 0, "they wait in the host");

        using var paused = await api.PostAsync("api/queues/jobs/pause", null, Token);

        await Eventually.TrueAsync(async () => (await VisibleAsync(producer)).Count == 10, "they are back on their queue");
        Assert.Single(host.Starts);
    }

    [Fact]
    public async Task PausedType_OverHttp_WaitsAndIsListed()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = NewHost(prefix, "JobPipeline:Pauses:RetryDelay=00:00:01", "JobPipeline:Jobs:test.work:MaxAttempts=7");
        await host.StartAsync();
        using var api = NewClient(host);
        using var paused = await api.PostAsync("api/job-types/test.work/pause", null, Token);
        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        var dropped = await producer.DropAsync("""{ "type": "test.work" }""");
        await Eventually.TrueAsync(() => StateIsAsync(producer, dropped, JobState.Queued), "the dropped job is on record");

        var types = (await api.GetFromJsonAsync<JsonElement>("api/job-types", Token)).GetProperty("jobTypes").EnumerateArray().ToList();
        var type = types.Single(type => type.GetProperty("type").GetString() == "test.work");
        Assert.Equal(
            (7, "jobs", "00:00:00.1000000"),
            (
                type.GetProperty("maxAttempts").GetInt32(),
                type.GetProperty("queue").GetString(),
                type.GetProperty("backoffBase").GetString()));
        Assert.True(type.TryGetProperty("paused", out _));
        Assert.False(types.Single(other => other.GetProperty("type").GetString() == "test.stubborn").TryGetProperty("paused", out _));
        Assert.Empty(host.Starts);

        using var resumed = await api.PostAsync("api/job-types/test.work/resume", null, Token);
        await Eventually.TrueAsync(() => StateIsAsync(producer, dropped, JobState.Succeeded), "it has run after the resume");
    }

    private TestHostProcess NewHost(string prefix, params string[] settings) =>
        new(azurite.ConnectionString, prefix, [$"JobPipeline:Http:Keys:ops={Key}", .. settings]) { Key = Key };

    private static HttpClient NewClient(TestHostProcess host) =>
        new() { BaseAddress = host.Address, DefaultRequestHeaders = { { "x-functions-key", Key } } };

    private static async Task<JsonElement> QueueAsync(HttpClient api, string name) =>
        (await api.GetFromJsonAsync<JsonElement>("api/queues", Token)).GetProperty("queues")
            .EnumerateArray()
            .Single(queue => queue.GetProperty("name").GetString() == name);

    private static async Task<bool> StateIsAsync(Producer producer, JobId id, JobState state) =>
        (await producer.Jobs.GetAsync(id, Token)).Record?.Status.State == state;

    private static async Task<IReadOnlyList<string>> VisibleAsync(Producer producer) =>
        [.. (await producer.Queue(PriorityQueues.Normal).PeekMessagesAsync(32, Token)).Value.Select(message => message.MessageId)];

    private static IEnumerable<string> StartsOf(JobId id, params TestHostProcess[] hosts) =>
        hosts.SelectMany(host => host.Starts).Where(line => line.StartsWith($"{id}", StringComparison.Ordinal));
}
