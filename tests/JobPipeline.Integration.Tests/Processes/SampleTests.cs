using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using JobPipeline.Samples.Worker;
using JobPipeline.Samples.Workflow;
using JobPipeline.TestTools.Processes;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>Runs the samples as their comments describe, on Azurite.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class SampleTests(SharedAzurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_ForAGreetJob_StoresTheGreeting()
    {
        using var host = await StartAsync(typeof(GreetJob).Assembly);
        using var api = new HttpClient { BaseAddress = host.Address };

        using var accepted = await api.PostAsJsonAsync("api/jobs/greet", new { name = "Ada" }, Token);
        var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString();

        await Eventually.TrueAsync(
            async () => (await GetAsync(api, $"api/jobs/{id}")).TryGetProperty("result", out var result)
                && result.GetString() == "Hello, Ada!",
            $"job {id} has returned the greeting");
    }

    [Fact]
    public async Task Workflow_StartedAndApproved_ChargesTheOrder()
    {
        using var host = await StartAsync(typeof(ReserveJob).Assembly);
        using var api = new HttpClient { BaseAddress = host.Address };

        using var started = await api.PostAsJsonAsync("api/workflows/order?instanceId=order-1", new { amount = 120 }, Token);
        started.EnsureSuccessStatusCode();
        using var approved = await api.PostAsJsonAsync("api/workflows/order-1/events/approved", new { by = "Ada" }, Token);
        approved.EnsureSuccessStatusCode();

        await Eventually.TrueAsync(
            async () => (await GetAsync(api, "api/workflows/order-1")).GetProperty("runtimeStatus").GetString() == "Completed",
            "the workflow instance order-1 has completed");
        Assert.Equal("charged 120", (await GetAsync(api, "api/workflows/order-1")).GetProperty("output").GetString());
    }

    private static async Task<JsonElement> GetAsync(HttpClient api, string path) => await api.GetFromJsonAsync<JsonElement>(path, Token);

    private Task<HostProcess> StartAsync(Assembly sample) => HostProcess.StartAsync(
        [sample.Location],
        [$"JobPipeline:Storage:ConnectionString={azurite.ConnectionString}", $"JobPipeline:Storage:Prefix={azurite.NewPrefix()}"],
        HostProcess.FreeAddress(),
        static _ => { },
        cancellationToken: Token);
}
