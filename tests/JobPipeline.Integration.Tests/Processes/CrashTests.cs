using JobPipeline.Integration.Tests.Support;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// Real processes that are killed and real storage that becomes unavailable. Afterwards the history checker reads the real
/// tables.
/// </summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class CrashTests(SharedAzurite azurite)
{
    /// <summary>Higher than the number of crashes, so that no job is dead-lettered for them.</summary>
    private const int MaxDeaths = 10;

    private static readonly string[] Settings =
        ["JobPipeline:Listener:MaxConcurrency=8", $"JobPipeline:MaxDeaths={MaxDeaths}", TestHostProcess.ShortLease];

    [Fact]
    public async Task KilledFiveTimes_During500Jobs_LosesAndRepeatsNothing()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, Settings);
        await host.StartAsync();
        var jobs = await Workload.SubmitAsync(producer, count: 500, milliseconds: 30);
        for (var kill = 1; kill <= 5; kill++)
        {
            var enough = Math.Min(kill * 80, host.Starts.Length + 80);
            await Eventually.TrueAsync(() => host.Starts.Length >= enough, $"{enough} handlers have started before kill {kill}", () =>
                $"{host.Starts.Length} handlers have started");
            host.Kill();
            await host.StartAsync();
        }

        await HistoryChecker.JudgeAsync(producer, jobs, MaxDeaths, host);
    }

    [Fact]
    public async Task StorageGoneForTenSeconds_During200Jobs_LosesAndRepeatsNothing()
    {
        await using var storage = await AzuriteProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var producer = await Producer.StartAsync(storage.ConnectionString, "");
        using var host = new TestHostProcess(storage.ConnectionString, "", Settings);
        await host.StartAsync();
        var jobs = await Workload.SubmitAsync(producer, count: 200, milliseconds: 50);
        await Eventually.TrueAsync(() => host.Starts.Length >= 40, "40 handlers have started");
        await storage.StopAsync();
        await Eventually.ElapsedAsync(TimeSpan.FromSeconds(10));
        await storage.RestartAsync(TestContext.Current.CancellationToken);
        await HistoryChecker.JudgeAsync(producer, jobs, MaxDeaths, host);
    }
}
