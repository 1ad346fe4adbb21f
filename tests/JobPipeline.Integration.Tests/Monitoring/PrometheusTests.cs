using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The metrics of a real host in a real Prometheus match the stored jobs exactly.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class PrometheusTests(SharedAzurite azurite)
{
    private const string Key = "a-key-that-nobody-would-guess";
    private const string Metrics = "metrics";

    private static readonly string[] Settings =
    [
        $"JobPipeline:Http:Keys:ops={Key}",
        "JobPipeline:Gauges:Interval=00:00:01",
        "JobPipeline:Housekeeping:RescueInterval=00:00:01",
        "JobPipeline:Lease=00:01:00",
        "JobPipeline:UnknownTypeGrace=00:00:00",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_AfterJobsOfAllKinds_MatchesTheStoredJobs()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, Settings) { Key = Key };
        await host.StartAsync();
        using var api = NewClient(host, Key);
        await using var prometheus = await PrometheusProcess.StartAsync(host.Address, Key);

        var jobs = await RunEverythingAsync(producer, api);
        var types = (await api.GetFromJsonAsync<JsonElement>("api/job-types", Token)).GetProperty("jobTypes")
            .EnumerateArray()
            .Select(type => type.GetProperty("type").GetString()!)
            .ToArray();
        JobHistory history = null!;
        await Eventually.TrueAsync(
            async () => (history = await JobHistory.ReadAsync(api, types)) is { HasAllEnded: true } && history.Count == jobs,
            "all jobs have ended");
        var at = await ScrapedAfterAsync(prometheus, TimeProvider.System.GetUtcNow());

        async Task<string[]> AskAsync(string question, params string[] labels)
        {
            var answer = await prometheus.QueryAsync($"{question} > 0", at);
            string Text(Sample series) => $"{string.Join(' ', labels.Select(label => series.Labels[label]))}: {series.Value}";
            return [.. answer.Select(Text).Order(StringComparer.Ordinal)];
        }

        async Task<double> OneAsync(string question) => Assert.Single(await prometheus.QueryAsync(question, at)).Value;

        const string Type = "jobpipeline_job_type";
        const string Outcome = "jobpipeline_job_outcome";
        const string Ran = "jobpipeline_attempt_outcome";
        const string Reason = "jobpipeline_dead_letter_reason";
        Assert.Equal(history.Outcomes, await AskAsync($"sum by ({Outcome}) (jobpipeline_jobs_finished_total)", Outcome));
        Assert.Equal(history.Finished, await AskAsync($"sum by ({Type}, {Outcome}) (jobpipeline_jobs_finished_total)", Type, Outcome));
        Assert.Equal(history.Enqueued, await AskAsync($"sum by ({Type}) (jobpipeline_jobs_enqueued_total)", Type));
        Assert.Equal(history.Started, await AskAsync($"sum by ({Type}) (jobpipeline_jobs_started_total)", Type));
        Assert.Equal(history.Started, await AskAsync($"sum by ({Type}) (jobpipeline_job_wait_seconds_count)", Type));
        Assert.Equal(history.Attempts, await AskAsync($"sum by ({Type}, {Ran}) (jobpipeline_attempts_total)", Type, Ran));
        Assert.Equal(history.AttemptCount, await OneAsync("sum(messaging_process_duration_seconds_count)"));
        Assert.Equal(history.DeadLetters, await AskAsync($"sum by ({Type}, {Reason}) (jobpipeline_dead_letters_total)", Type, Reason));
        Assert.Equal(0, await OneAsync("sum(jobpipeline_jobs_in_flight)"));
        Assert.InRange(await OneAsync("process_cpu_utilization"), 0, 1);
        Assert.InRange(await OneAsync("dotnet_process_memory_virtual_utilization"), 0, 1);
        // Wait for a measurement after the last message was deleted. The message of the cancelled job stays until it is due.
        await Eventually.TrueAsync(
            async () => string.Join(
                ' ',
                (await prometheus.QueryAsync("jobpipeline_queue_depth"))
                    .Select(queue => $"{queue.Labels["messaging_destination_name"]}: {queue.Value}")
                    .Order(StringComparer.Ordinal))
                == "jobs-high: 0 jobs-low: 0 jobs: 1",
            "the queues are scraped as empty");
        Assert.Equal(0, Assert.Single(await prometheus.QueryAsync("max(jobpipeline_queue_oldest_age_seconds)")).Value);
    }

    [Fact]
    public async Task Metrics_WithConfiguredKeys_RequireOneAndContainNoSecret()
    {
        using var host = new TestHostProcess(
            azurite.ConnectionString,
            azurite.NewPrefix(),
            [.. Settings, "JobPipeline:Http:Keys:other=another-key-that-nobody-would-guess"]) { Key = Key };
        await host.StartAsync();
        using var stranger = NewClient(host, key: null);
        using var api = NewClient(host, Key);
        var text = "a payload that is nobody's business";
        api.DefaultRequestHeaders.Add("Idempotency-Key", "a-unique-key");
        var id = await SubmitAsync(api, "test.echo?correlationId=a-conversation&tag=a-tag", new { text });
        await WaitForAsync(api, id, "succeeded");

        using var refused = await stranger.GetAsync(new Uri(Metrics, UriKind.Relative), Token);
        using var wrong = await stranger.GetAsync(new Uri($"{Metrics}?code=some-key-of-that-length-or-so", UriKind.Relative), Token);
        using var byQuery = await stranger.GetAsync(new Uri($"{Metrics}?code={Key}", UriKind.Relative), Token);
        var metrics = await api.GetStringAsync(new Uri(Metrics, UriKind.Relative), Token);

        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK),
            (refused.StatusCode, wrong.StatusCode, byQuery.StatusCode));
        Assert.DoesNotContain("jobpipeline_", await refused.Content.ReadAsStringAsync(Token), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("""jobpipeline_jobs_finished_total{""", metrics, StringComparison.Ordinal);
        string[] secrets = [Key, "another-key", "AccountKey", "Eby8vdM02", id, text, "a-unique-key", "a-conversation", "a-tag"];
        Assert.DoesNotContain(secrets, secret => metrics.Contains(secret, StringComparison.Ordinal));
    }

    /// <summary>Enqueues jobs of every kind and returns their number.</summary>
    private static async Task<int> RunEverythingAsync(Producer producer, HttpClient api)
    {
        var jobs = 0;
        async Task<string> SubmitCountedAsync(string type, object payload)
        {
            jobs++;
            return await SubmitAsync(api, type, payload);
        }

        for (var i = 0; i < 7; i++)
            await SubmitCountedAsync("test.echo", new { text = "hello" });
        for (var i = 0; i < 5; i++)
            await SubmitCountedAsync("test.work?queue=jobs-high", new { milliseconds = 1 });
        for (var i = 0; i < 3; i++)
            await SubmitCountedAsync("test.work", new { succeedOnAttempt = 2 });
        for (var i = 0; i < 2; i++)
            await SubmitCountedAsync("test.work", new { succeedOnAttempt = 9 });
        for (var i = 0; i < 2; i++)
            await SubmitCountedAsync("test.work?queue=jobs-low", new { failForGood = true });
        await SubmitCountedAsync("test.family", new { children = 3 });
        jobs += 3;

        // Packed: several jobs in one message.
        using var batch = await api.PostAsJsonAsync(
            "api/jobs:batch", Enumerable.Repeat(new { type = "test.work", payload = new { milliseconds = 0 } }, 40), Token);
        jobs += (await batch.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("accepted").GetInt32();

        // From a foreign producer: one that runs, one of an unknown type, and one with an invalid payload.
        await producer.DropAsync("""{ "type": "test.work", "payload": { "milliseconds": 0 } }""");
        await producer.DropAsync("""{ "type": "nobody.knows.this" }""");
        await producer.DropAsync("""{ "type": "test.work", "payload": { "milliseconds": "soon" } }""");
        jobs += 3;

        var waiting = await SubmitCountedAsync("test.echo?delay=1.00:00:00", new { text = "never" });
        var running = await SubmitCountedAsync("test.work", new { milliseconds = 600_000 });
        await WaitForAsync(api, running, "running");
        foreach (var id in (string[])[waiting, running])
        {
            using var cancelled = await api.PostAsync(new Uri($"api/jobs/{id}/cancel", UriKind.Relative), null, Token);
            cancelled.EnsureSuccessStatusCode();
        }

        return jobs;
    }

    /// <summary>Returns a time, in seconds, at which all data in Prometheus was collected after the given time.</summary>
    private static async Task<double> ScrapedAfterAsync(PrometheusProcess prometheus, DateTimeOffset what)
    {
        // A host may return the same cached response for a moment.
        var after = (what + TimeSpan.FromSeconds(2)).ToUnixTimeMilliseconds() / 1000.0;
        var at = 0.0;
        await Eventually.TrueAsync(
            async () => await prometheus.QueryAsync("timestamp(up == 1)") is [var scrape] && (at = scrape.Value) > after,
            "Prometheus has scraped again");
        return at + 0.5;
    }

    private static HttpClient NewClient(TestHostProcess host, string? key)
    {
        var client = new HttpClient { BaseAddress = host.Address };
        if (key is not null)
            client.DefaultRequestHeaders.Add("x-functions-key", key);
        return client;
    }

    private static async Task<string> SubmitAsync(HttpClient api, string type, object payload)
    {
        using var answer = await api.PostAsJsonAsync($"api/jobs/{type}", payload, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static Task WaitForAsync(HttpClient api, string id, string state) => Eventually.TrueAsync(
        async () => (await api.GetFromJsonAsync<JsonElement>($"api/jobs/{id}", Token)).GetProperty("state").GetString() == state,
        $"job {id} is {state}");
}
