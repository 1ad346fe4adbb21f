using System.Globalization;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Maintenance;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// Three workers are killed one after the other while jobs of every kind keep arriving; 5 % of their storage calls have injected
/// faults and 20 % of their handlers fail. `dotnet run dev.cs test --chaos` runs it for a minute.
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
        ("JobPipeline:Chaos:Enabled", "true"),
        ("JobPipeline:Chaos:LatencyRate", "0.01"),
        ("JobPipeline:Chaos:FaultRate", "0.02"),
        ("JobPipeline:Chaos:LostAnswerRate", "0.02"),
    ];

    private static readonly string[] Settings =
    [
        .. StorageChaos.Select(setting => $"{setting.Name}={setting.Value}"),
        "JobPipeline:Chaos:HandlerFaultRate=0.2",
        "JobPipeline:Listener:MaxConcurrency=16",
        "JobPipeline:Instances:BeatInterval=00:00:01",
        "JobPipeline:Housekeeping:RescueInterval=00:00:01",
        "JobPipeline:Housekeeping:OverdueInterval=00:00:02", "JobPipeline:Housekeeping:OverdueMargin=00:00:20", TestHostProcess.ShortLease,
    ];

    [Fact]
    public async Task Chaos_WhileWorkersAreKilled_LosesAndRepeatsNothingAndEveryDeadLetterIsExplained()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? $"{ShortRunSeconds}", CultureInfo.InvariantCulture);
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        await using var disturbed = producer.Another([.. StorageChaos, ("JobPipeline:Chaos:MaxRetries", "0")]);
        // The storage client's retries hide some faults and cause others (rejections of its own writes), so the workers differ in retries.
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
            Say(
                $"{next}: {workload.Jobs.Count} jobs submitted, {workers.Sum(worker => worker.Starts.Length)} handlers started, "
                    + $"{kills} workers killed, {Disturbed(workers)} injected storage faults");
        }

        await submitting;
        Say($"{workload.Jobs.Count} jobs submitted; waiting for all to end");
        var counts = await HistoryChecker.JudgeAsync(producer, workload.Jobs, MaxDeaths, workers);
        Say(
            $"CHAOS for {seconds} s: {counts}; {kills} workers killed, {Disturbed(workers)} of their storage calls with injected faults, "
                + $"{workload.Repeats} requests repeated by the producer");
        Assert.True(Disturbed(workers) > 0 && kills > 0, "no fault was injected");
        await AssertNothingOverdueAsync(producer, workers);
    }

    /// <summary>
    /// Checks that the workers have swept for overdue jobs throughout, and that a final sweep without a margin finds none.
    /// </summary>
    private static async Task AssertNothingOverdueAsync(Producer producer, TestHostProcess[] workers)
    {
        Assert.NotNull(
            await producer.Get<IServiceProvider>()
                .GetRequiredKeyedService<ISweepLedger>("overdue")
                .ReadAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain(workers.SelectMany(worker => worker.Output), line => line.Contains("is overdue", StringComparison.Ordinal));
        await using var last = producer.Another(
            ("JobPipeline:Housekeeping:OverdueMargin", "00:00:00"), ("JobPipeline:Housekeeping:StepsPerRun", "1000"));
        OverdueReport? report = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var round = await last.Get<MaintenanceRunner>()
                    .RunAsync(TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
                report = round.Overdue;
                return report is not null;
            },
            "the final overdue sweep has run");
        Assert.Equal(new OverdueReport(0, 0, 0, HasMore: false), report);
    }

    private static TimeSpan KillInterval(int seconds) => TimeSpan.FromSeconds(seconds < 60 ? 5 : 10);

    private static int Disturbed(IEnumerable<TestHostProcess> workers) =>
        workers.Sum(worker => worker.Output.Count(line => line.Contains("Chaos: ", StringComparison.Ordinal)));

    /// <summary>Starts the worker again, as a service manager would, when an injected fault hits the start itself.</summary>
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

    private TestHostProcess NewWorker(string prefix, int maxRetries) =>
        new(azurite.ConnectionString, prefix, [.. Settings, $"JobPipeline:Chaos:MaxRetries={maxRetries}"]);
}
