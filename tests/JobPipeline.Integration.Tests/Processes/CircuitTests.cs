using System.Net.Http.Json;
using System.Text.Json;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>A circuit that one real host opens, seen through the API of another.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class CircuitTests(SharedAzurite azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenCircuit_DefersItsJobs_AndAnotherHostShowsIt()
    {
        var prefix = azurite.NewPrefix();
        string[] settings =
        [
            "JobPipeline:Jobs:test.work:Circuit=ledger",
            "JobPipeline:Circuits:ledger:MinimumThroughput=3",
            "JobPipeline:Circuits:ledger:BreakDuration=00:10:00",
            "JobPipeline:Instances:BeatInterval=00:00:01",
        ];
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var worker = new TestHostProcess(azurite.ConnectionString, prefix, settings);
        // This host starts no job, so its own circuit stays closed.
        using var onlooker = new TestHostProcess(azurite.ConnectionString, prefix, [.. settings, "JobPipeline:Listener:MaxConcurrency=1"]);
        await worker.StartAsync();
        for (var i = 0; i < 3; i++)
            await producer.Jobs.EnqueueAsync(JobRequest.For("test.work", new WorkPayload(SucceedOnAttempt: 99)), Token);
        await Eventually.TrueAsync(
            () => worker.Output.Any(line => line.Contains("The circuit ledger opened", StringComparison.Ordinal)),
            "the circuit is open");

        var held = (await producer.Jobs.EnqueueAsync(JobRequest.For("test.work", new WorkPayload()), Token)).Id;
        using var api = new HttpClient { BaseAddress = worker.Address };
        await Eventually.TrueAsync(
            async () => (await api.GetFromJsonAsync<JsonElement>($"api/jobs/{held}", Token)).GetProperty("state").GetString()
                == "scheduled",
            "the job is deferred");
        var job = await api.GetFromJsonAsync<JsonElement>($"api/jobs/{held}", Token);
        Assert.Equal("the circuit 'ledger' is open: too many attempts failed", job.GetProperty("reason").GetString());
        Assert.DoesNotContain(worker.Starts, line => line.StartsWith(held.ToString(), StringComparison.Ordinal));

        await onlooker.StartAsync();
        using var other = new HttpClient { BaseAddress = onlooker.Address };
        await Eventually.TrueAsync(
            async () => (await CircuitAsync(other)).GetProperty("state").GetString() == "open",
            "the other host shows it as open");
        var circuit = await CircuitAsync(other);
        Assert.Equal(["ledger", "test.work"], [circuit.GetProperty("name").GetString(), circuit.GetProperty("jobTypes")[0].GetString()]);
        var instance = Assert.Single(circuit.GetProperty("instances").EnumerateArray());
        Assert.True(job.GetProperty("dueAt").GetDateTimeOffset() >= instance.GetProperty("openUntil").GetDateTimeOffset());
    }

    private static async Task<JsonElement> CircuitAsync(HttpClient api) =>
        Assert.Single((await api.GetFromJsonAsync<JsonElement>("api/circuits", Token)).GetProperty("circuits").EnumerateArray());
}
