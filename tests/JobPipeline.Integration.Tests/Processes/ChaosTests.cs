using System.Globalization;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Maintenance;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// Three workers, 5 % of whose storage calls are disturbed and 20 % of whose handlers fail, killed one after the other, while
/// jobs of every kind come in all the time. `dotnet run dev.cs test --chaos` runs it for a minute.
/// </summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class ChaosTests(SharedAzurite azurite)
{
    private const int MaxDeaths = 3;
    private const string SecondsVariable = "JOBPIPELINE_CHAOS_SECONDS";
    private const int ShortRunSeconds = 15;

    private static readonly (string Name, string Value)[] StorageChaos =
    [
        ("JobPipeline:Chaos:Enabled", "true"), ("JobPipeline:Chaos:LatencyRate", "0.01"), ("JobPipeline:Chaos:FaultRate", "0.02"), ("JobPipeline:Chaos:LostAnswerRate", "0.02"),
    ];

    private static readonly string[] Settings =
    [
        .. StorageChaos.Select(setting => $"{setting.Name}={setting.Value}"),
        "JobPipeline:Chaos:HandlerFaultRate=0.2", "JobPipeline:Listener:MaxConcurrency=16", "JobPipeline:Instances:BeatInterval=00:00:01", "JobPipeline:Housekeeping:RescueInterval=00:00:01",
        "JobPipeline:Housekeeping:OverdueInterval=00:00:02", "JobPipeline:Housekeeping:OverdueMargin=00:00:20", TestHostProcess.ShortLease,
    ];

    [Fact]
    public async Task Chaos_WhileWorkersAreKilled_LosesAndRepeatsNothingAndEveryDeadLetterIsExplained()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? $"{ShortRunSeconds}", CultureInfo.InvariantCulture);
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        await using var disturbed = producer.Another([.. StorageChaos, ("JobPipeline:Chaos:MaxRetries", "0")]);
        // The storage client's own retries hide faults, and make others: refusals of its own writes. So there are workers of both kinds.
        using var hidesMost = NewWorker(prefix, maxRetries: 3);
        using var hidesSome = NewWorker(prefix, maxRetries: 1);
        using var hidesNone = NewWorker(prefix, maxRetries: 0);
        TestHostProcess[] workers = [hidesMost, hidesSome, hidesNone];
        await Task.WhenAll(workers.Select(StartAsync));

        var started = TimeProvider.System.GetTimestamp();
        var workload = new ChaosWorkload(producer, disturbed);
        var submitting = workload.SubmitAsync(() => TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds));
        var kills = 0;
        for (var next = KillInterval(seconds); next < TimeSpan.FromSeconds(seconds); next += KillInterval(seconds))
        {
            await Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(started) > next, $"{next} have passed");
            var victim = workers[kills++ % workers.Length];
            victim.Kill();
            await StartAsync(victim);
            Say($"{next}: {workload.Jobs.Count} jobs submitted, {workers.Sum(worker => worker.Starts.Length)} handlers started, {kills} workers killed, {Disturbed(workers)} storage calls disturbed");
        }

        await submitting;
        Say($"{workload.Jobs.Count} jobs are submitted; waiting for all to end");
        var counts = await HistoryChecker.JudgeAsync(producer, workload.Jobs, MaxDeaths, workers);
        Say($"CHAOS of {seconds} s: {counts}; {kills} workers killed, {Disturbed(workers)} storage calls of theirs disturbed, {workload.Repeats} requests repeated by the producer");
        Assert.True(Disturbed(workers) > 0 && kills > 0, "nothing was disturbed");
        await AssertNothingOverdueAsync(producer, workers);
    }

    /// <summary>The workers have looked all the time, and a last look without any margin follows.</summary>
    private static async Task AssertNothingOverdueAsync(Producer producer, TestHostProcess[] workers)
    {
        Assert.NotNull(await producer.Get<IServiceProvider>().GetRequiredKeyedService<ISweepLedger>("overdue").ReadAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(workers.SelectMany(worker => worker.Output), line => line.Contains("is overdue", StringComparison.Ordinal));
        await using var last = producer.Another(("JobPipeline:Housekeeping:OverdueMargin", "00:00:00"), ("JobPipeline:Housekeeping:StepsPerRun", "1000"));
        OverdueReport? report = null;
        await Eventually.TrueAsync(async () => (report = (await last.Get<Housekeeping>().RunAsync(TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken)).Overdue) is not null, "it is the last look's turn");
        Assert.Equal(new OverdueReport(0, 0, 0, HasMore: false), report);
    }

    private static TimeSpan KillInterval(int seconds) => TimeSpan.FromSeconds(seconds < 60 ? 5 : 10);

    private static int Disturbed(IEnumerable<TestHostProcess> workers) => workers.Sum(worker => worker.Output.Count(line => line.Contains("Chaos: ", StringComparison.Ordinal)));

    /// <summary>Where the start itself is disturbed, the worker is started again, as a service manager would.</summary>
    private static async Task StartAsync(TestHostProcess worker)
    {
        while (true)
        {
            try
            {
                await worker.StartAsync();
                return;
            }
            catch (InvalidOperationException e)
            {
                Say(e.Message);
            }
        }
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private TestHostProcess NewWorker(string prefix, int maxRetries) => new(azurite.ConnectionString, prefix, [.. Settings, $"JobPipeline:Chaos:MaxRetries={maxRetries}"]);
}
