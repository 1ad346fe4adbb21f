using System.Net.Http.Json;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>Shipped alert rules in a real Prometheus on a real host whose jobs fail. Promtool tests all other rules.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class PrometheusAlertTests(SharedAzurite azurite)
{
    private const string Key = "a-key-that-nobody-would-guess";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_WhenJobsFailOfANewError_Fire()
    {
        using var host =
            new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix(), $"JobPipeline:Http:Keys:ops={Key}") { Key = Key };
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        api.DefaultRequestHeaders.Add("x-functions-key", Key);
        await using var prometheus = await PrometheusProcess.StartAsync(
            host.Address, Key, Path.Combine(Repository.Root, "infra/monitoring/prometheus-rules.yml"));
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("jobpipeline_dead_letters_total")).Count > 0,
            "the series have been scraped while they were zero");
        Assert.Empty(await FiringAsync(prometheus));

        for (var i = 0; i < 10; i++)
        {
            using var answer = await api.PostAsJsonAsync("api/jobs/test.work", new { failForGood = true }, Token);
            answer.EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync(
            async () => (await FiringAsync(prometheus)) is ["dead-letters-growing", "new-error-group"],
            "both alerts fire, and no other");
    }

    /// <summary>
    /// Three failures before the first scrape: a job of the app in a queue other than its own, a job of a shipped type that was
    /// not used before, and a message that is not a job. Each of the three fires the alert by itself.
    /// </summary>
    [Theory]
    [InlineData("""{ "type": "test.work", "payload": { "failForGood": true } }""", "jobs-low")]
    [InlineData("""{ "type": "blob.copy", "payload": { "nonsense": 1 } }""", "jobs")]
    [InlineData("this is no job", "jobs-high")]
    public async Task Rules_WhenJobsFailBeforeTheFirstScrape_Fire(string message, string queue)
    {
        const int Failures = 10;
        var prefix = azurite.NewPrefix();
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, $"JobPipeline:Http:Keys:ops={Key}") { Key = Key };
        await host.StartAsync();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        for (var i = 0; i < Failures; i++)
            await producer.DropAsync(message, queue);
        using var api = new HttpClient { BaseAddress = host.Address };
        api.DefaultRequestHeaders.Add("x-functions-key", Key);
        // The metrics themselves show the actual numbers.
        await Eventually.TrueAsync(
            async () => LettersIn(await api.GetStringAsync(new Uri("metrics", UriKind.Relative), Token)) == Failures,
            "all are dead-lettered");

        await using var prometheus = await PrometheusProcess.StartAsync(
            host.Address, Key, Path.Combine(Repository.Root, "infra/monitoring/prometheus-rules.yml"));

        await Eventually.TrueAsync(
            async () => (await FiringAsync(prometheus)).Contains("dead-letters-growing", StringComparer.Ordinal),
            "the first failures fire the alert");
    }

    private static double LettersIn(string metrics) => metrics.Split('\n')
        .Where(line => line.StartsWith("jobpipeline_dead_letters_total{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split("} ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

    private static async Task<string[]> FiringAsync(PrometheusProcess prometheus)
    {
        var alerts = await prometheus.QueryAsync("""ALERTS{alertstate="firing"}""");
        return [.. alerts.Select(alert => alert.Labels["alertname"]).Order(StringComparer.Ordinal)];
    }
}
