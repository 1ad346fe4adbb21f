using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Limits on real storage, over real processes.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class LimitTests(SharedAzurite azurite)
{
    private const int Concurrency = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limit_WhoseHolderIsKilled_HoldsAndLosesNoJob()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        string[] settings = [TestHostProcess.ShortLease, $"JobPipeline:Jobs:test.echo:Concurrency={Concurrency}"];
        using var first = new TestHostProcess(azurite.ConnectionString, prefix, settings);
        using var second = new TestHostProcess(azurite.ConnectionString, prefix, settings);
        await first.StartAsync();
        await second.StartAsync();
        var ids = await EnqueueAsync(producer, count: 40, tenant: null);
        // Who runs the release turns delivers to itself, so one host may run them all.
        await Eventually.TrueAsync(() => Math.Max(first.Starts.Length, second.Starts.Length) >= 4, "a host runs jobs");
        var (holder, other) = first.Starts.Length >= second.Starts.Length ? (first, second) : (second, first);

        holder.Kill();

        await HistoryChecker.JudgeAsync(producer, ids, maxDeaths: Concurrency, first, second);
        Assert.InRange(await MostAtATimeAsync(producer, ids), 1, Concurrency);
        Assert.NotEmpty(other.Starts);
    }

    [Fact]
    public async Task Limit_ThatIsClosedAndOpened_ShowsWhoWaitsAndLetsThemStart()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            prefix,
            "JobPipeline:Limits:customers:Concurrency=1",
            "JobPipeline:Limits:customers:Key=tenant",
            "JobPipeline:Jobs:test.echo:Limits:0=customers");
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        await SendAsync(api, HttpMethod.Post, "api/limits/customers/pause?key=acme", new { reason = "maintenance" });
        var waiting = await EnqueueAsync(producer, count: 5, "acme");
        var others = await EnqueueAsync(producer, count: 1, "other");

        await Eventually.TrueAsync(async () => await StateAsync(producer, others[0]) == JobState.Succeeded, "the other tenant's job ran");
        var limit = await Eventually.UntilAsync(
            () => SendAsync(api, HttpMethod.Get, "api/limits/customers?key=acme", body: null),
            shown => shown.GetProperty("waiting").GetArrayLength() == waiting.Count);
        Assert.EndsWith(": maintenance", limit.GetProperty("closed").GetString(), StringComparison.Ordinal);
        var job = await SendAsync(api, HttpMethod.Get, $"api/jobs/{waiting[0]}", body: null);
        Assert.Equal("limit", job.GetProperty("waitsFor")[0].GetProperty("kind").GetString());
        Assert.Equal("customers", job.GetProperty("waitsFor")[0].GetProperty("limit").GetProperty("limit").GetString());
        var listed = await ListAsync(api);
        Assert.Equal(waiting.Select(id => id.ToString()).Order(), listed.Order());

        // People act on parked jobs, at once.
        await SendAsync(api, HttpMethod.Post, $"api/jobs/{listed[^1]}/cancel", body: null);
        await SendAsync(api, HttpMethod.Post, $"api/jobs/{listed[^2]}/run-now", new { reason = "the customer is on the phone" });
        await Eventually.TrueAsync(
            async () => await StateAsync(producer, JobId.Parse(listed[^2])) == JobState.Succeeded, "the job that was to run now ran");
        await Eventually.TrueAsync(async () => (await ListAsync(api)).SequenceEqual(listed.SkipLast(2)), "both have left the lot");
        Assert.Equal(JobState.Cancelled, await StateAsync(producer, JobId.Parse(listed[^1])));
        waiting.Remove(JobId.Parse(listed[^1]));

        await SendAsync(api, HttpMethod.Put, "api/limits/customers?key=acme", new { concurrency = 2, reason = "they are in a hurry" });
        await SendAsync(api, HttpMethod.Post, "api/limits/customers/resume?key=acme", body: null);

        foreach (var id in waiting)
            await Eventually.TrueAsync(async () => await StateAsync(producer, id) == JobState.Succeeded, $"job {id} ran");
        Assert.Equal(waiting.Concat(others).Select(id => id.ToString()).Order(), host.Starts.Select(start => start.Split(' ')[0]).Order());
        Assert.InRange(await MostAtATimeAsync(producer, waiting), 1, 2);
        Assert.Equal(0, await host.StopAsync());
    }

    private static async Task<List<JobId>> EnqueueAsync(Producer producer, int count, string? tenant)
    {
        var ids = new List<JobId>();
        for (var i = 0; i < count; i++)
        {
            var request = JobRequest.For("test.echo", new EchoPayload($"{i}", Milliseconds: 100)) with { Tenant = tenant };
            ids.Add((await producer.Jobs.EnqueueAsync(request, Token)).Id);
        }

        return ids;
    }

    private static async Task<JobState> StateAsync(Producer producer, JobId id) =>
        (await producer.Jobs.GetAsync(id, Token)).Record!.Status.State;

    /// <summary>All jobs that wait, by pages of two.</summary>
    private static async Task<string[]> ListAsync(HttpClient api)
    {
        var ids = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await SendAsync(api, HttpMethod.Get, $"api/limits/customers/jobs?key=acme&limit=2&cursor={cursor}", body: null);
            ids.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
            if (!page.TryGetProperty("nextCursor", out var next))
                return [.. ids];
            cursor = next.GetString()!;
        }
    }

    private static async Task<JsonElement> SendAsync(HttpClient api, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await api.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync(Token)}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    /// <summary>The permit is held from before an attempt's claim until after its outcome is on record.</summary>
    private static async Task<int> MostAtATimeAsync(Producer producer, IEnumerable<JobId> ids)
    {
        var moves = new List<(DateTimeOffset At, int Change)>();
        foreach (var id in ids)
        {
            var attempt = (await producer.Jobs.GetAsync(id, Token)).Current!;
            moves.Add((attempt.StartedAt, 1));
            moves.Add((attempt.EndedAt!.Value, -1));
        }

        var (most, now) = (0, 0);
        foreach (var (_, change) in moves.OrderBy(move => move.At).ThenBy(move => move.Change))
            most = Math.Max(most, now += change);
        return most;
    }
}
