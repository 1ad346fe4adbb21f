using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.SelfHost;
using JobPipeline.TestHost.Jobs;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>The stock self-host on the storage of an app with its own job types.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class UnknownTypeTests(SharedAzurite azurite)
{
    private const string Heartbeat = "JobPipeline:Instances:BeatInterval=00:00:01";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoHostsWithDifferentTypes_StartedInEitherOrder_RunEveryJobAndDeadLetterNone(bool stockFirst)
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var output = new ConcurrentQueue<string>();
        using var app = new TestHostProcess(azurite.ConnectionString, prefix, Heartbeat);
        if (!stockFirst)
            await app.StartAsync();
        using var stock = await StartStockAsync(prefix, output, Heartbeat);
        var ids = await EnqueueAllKindsAsync(producer);
        await Eventually.TrueAsync(() => output.Any(line => line.Contains("no handler", StringComparison.OrdinalIgnoreCase)
            || line.Contains("No running instance has a handler", StringComparison.Ordinal)), "the stock host met a job of the app");
        if (stockFirst)
            await app.StartAsync();
        else
            await app.StopAsync();
        if (!stockFirst)
            await app.StartAsync();

        using var api = new HttpClient { BaseAddress = app.Address };
        using var other = new HttpClient { BaseAddress = stock.Address };
        using var started = await api.PostAsJsonAsync("api/workflows/test.approval", new { text = "yes" }, Token);
        started.EnsureSuccessStatusCode();
        var workflow = (await started.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString();
        using var raised = await other.PostAsJsonAsync($"api/workflows/{workflow}/events/approved", new { by = "ada" }, Token);
        raised.EnsureSuccessStatusCode();

        foreach (var id in ids)
            await Eventually.TrueAsync(async () => await StateOfAsync(producer, id) == JobState.Succeeded, $"job {id} has run");
        await Eventually.TrueAsync(async () => await StatusOfAsync(other, workflow) == "Completed", "the workflow has completed");
        Assert.Empty(await RowsAsync(producer, "DeadLetters"));
        var types = (await RowsAsync(producer, "Instances")).Select(row => row.GetString("JobTypes")).ToList();
        Assert.Contains(types, list => list.Contains("test.echo", StringComparison.Ordinal));
        Assert.Contains(types, list => !list.Contains("test.echo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Submit_ToAHostWithoutTheType_IsAcceptedWhileAnotherHostHandlesIt()
    {
        var prefix = azurite.NewPrefix();
        using var app = new TestHostProcess(azurite.ConnectionString, prefix, Heartbeat);
        await app.StartAsync();
        using var stock = await StartStockAsync(prefix, new ConcurrentQueue<string>(), Heartbeat);
        using var api = new HttpClient { BaseAddress = stock.Address };
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        await Eventually.TrueAsync(async () => (await RowsAsync(producer, "Instances")).Count == 2, "both hosts have said that they live");

        using var single = await api.PostAsJsonAsync("api/jobs/test.echo", new { text = "hello" }, Token);
        Assert.Equal(HttpStatusCode.Accepted, single.StatusCode);
        var items = new[] { new { type = "test.echo", payload = new { text = "a" } } };
        using var batch = await api.PostAsJsonAsync("api/jobs:batch", items, Token);
        Assert.Equal(1, (await batch.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("accepted").GetInt32());
        using var wrong = await api.PostAsJsonAsync("api/jobs/test.ehco", new { text = "hello" }, Token);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);

        await Eventually.TrueAsync(() => app.Starts.Length == 2, "the app has run both");
    }

    [Fact]
    public async Task Drop_OfATypeThatNoHostHandles_WaitsAndIsDeadLetteredAfterTheGracePeriod()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var stock = await StartStockAsync(prefix, new ConcurrentQueue<string>(), Heartbeat, "JobPipeline:UnknownTypeGrace=00:00:20");
        using var api = new HttpClient { BaseAddress = stock.Address };
        var id = await producer.DropAsync("""{ "type": "csv.imprt" }""");
        var job = await WaitForAsync(api, $"api/jobs/{id}");

        var reason = job.GetProperty("waitsFor").EnumerateArray().Single(wait => wait.GetProperty("kind").GetString() == "unknown-type");
        Assert.EndsWith("did you mean 'csv.import'?", reason.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(reason.TryGetProperty("until", out _));

        Assert.Equal("unknownType", (await WaitForAsync(api, $"api/dead-letters/{id}")).GetProperty("reason").GetString());
    }

    /// <summary>Single jobs, a pack, jobs that are retried, and a message of another system.</summary>
    private static async Task<IReadOnlyList<JobId>> EnqueueAllKindsAsync(Producer producer)
    {
        var ids = new List<JobId>();
        for (var i = 0; i < 10; i++)
            ids.Add((await producer.Jobs.EnqueueAsync(JobRequest.For("test.echo", new EchoPayload($"{i}")), Token)).Id);
        for (var i = 0; i < 5; i++)
        {
            var request = JobRequest.For("test.work", new WorkPayload(SucceedOnAttempt: 3)) with { Key = $"{i}" };
            ids.Add((await producer.Jobs.EnqueueAsync(request, Token)).Id);
        }

        var pack = Enumerable.Repeat(JobRequest.For("test.work", new WorkPayload()), 20).ToList();
        ids.AddRange((await producer.Jobs.EnqueueManyAsync(pack, Token)).Select(job => job.Id));
        ids.Add(await producer.DropAsync("""{ "type": "test.echo", "payload": { "text": "dropped" } }"""));
        return ids;
    }

    private Task<HostProcess> StartStockAsync(string prefix, ConcurrentQueue<string> output, params string[] settings) =>
        HostProcess.StartAsync(
        [typeof(SelfHostApplication).Assembly.Location],
        [
            $"JobPipeline:Storage:ConnectionString={azurite.ConnectionString}",
            $"JobPipeline:Storage:Prefix={prefix}",
            "JobPipeline:Lease=00:00:03",
            .. settings,
        ],
        HostProcess.FreeAddress(),
        output.Enqueue,
        key: null,
        cancellationToken: Token);

    private static async Task<string?> StatusOfAsync(HttpClient api, string? workflow) =>
        (await JsonAsync(api, $"api/workflows/{workflow}")).GetProperty("runtimeStatus").GetString();

    private static async Task<JobState?> StateOfAsync(Producer producer, JobId id) =>
        (await producer.Jobs.GetAsync(id, Token)).Record?.Status.State;

    private static async Task<JsonElement> WaitForAsync(HttpClient api, string path)
    {
        JsonElement answer = default;
        await Eventually.TrueAsync(async () => (answer = await JsonAsync(api, path)).ValueKind == JsonValueKind.Object, $"{path} exists");
        return answer;
    }

    private static async Task<JsonElement> JsonAsync(HttpClient api, string path)
    {
        using var answer = await api.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(Token) : default;
    }

    private static async Task<IReadOnlyList<TableEntity>> RowsAsync(Producer producer, string table)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in producer.Table(table).QueryAsync<TableEntity>(cancellationToken: Token))
            rows.Add(row);
        return rows;
    }
}
