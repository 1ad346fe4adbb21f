using System.Net.Http.Json;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>The rules that ship, in a real Prometheus, on a real host whose jobs fail. All others are tried by promtool.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PrometheusAlertTests(SharedAzurite azurite)
{
    private const string Key = "a-key-that-nobody-would-guess";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_WhenJobsFailOfANewError_Fire()
    {
        using var host = new TestHostProcess(azurite.ConnectionString, azurite.NewPrefix(), $"JobPipeline:Http:Keys:ops={Key}") { Key = Key };
        await host.StartAsync();
        using var api = new HttpClient { BaseAddress = host.Address };
        api.DefaultRequestHeaders.Add("x-functions-key", Key);
        await using var prometheus = await PrometheusProcess.StartAsync(host.Address, Key, Path.Combine(Repository.Root, "infra/monitoring/prometheus-rules.yml"));
        await Eventually.TrueAsync(async () => (await prometheus.QueryAsync("jobpipeline_dead_letters_total")).Count > 0, "the series have been seen while they were zero");
        Assert.Empty(await FiringAsync(prometheus));

        for (var i = 0; i < 10; i++)
        {
            using var answer = await api.PostAsJsonAsync("api/jobs/test.work", new { failForGood = true }, Token);
            answer.EnsureSuccessStatusCode();
        }

        await Eventually.TrueAsync(async () => (await FiringAsync(prometheus)) is ["dead-letters-growing", "new-error-group"], "both alerts fire, and no other");
    }

    private static async Task<string[]> FiringAsync(PrometheusProcess prometheus) =>
        [.. (await prometheus.QueryAsync("""ALERTS{alertstate="firing"}""")).Select(alert => alert.Labels["alertname"]).Order(StringComparer.Ordinal)];
}
