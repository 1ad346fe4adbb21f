using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Limits.Governor;

namespace JobPipeline.Tests.Limits.Governor;

/// <summary>Which jobs with declared memory run together.</summary>
public sealed class MemoryLedgerTests
{
    private const long Budget = 1000;

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    private readonly MemoryLedger _ledger = new();
    private readonly JobId[] _jobs = [.. Enumerable.Range(0, 8).Select(i => JobId.Create(Start.AddSeconds(i)))];

    [Fact]
    public async Task Ask_ThatDoesNotFitBesideOthers_WaitsUntilOneEnds()
    {
        var permit = Permit(Ask(0, 600, 0));

        var closed = Assert.IsType<GateDecision.Closed>(Ask(1, 500, 0));
        Assert.Equal((DeferralReason.Resources, false), (closed.Reason, closed.OnRecord));
        Assert.InRange(closed.Until - Start, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        Assert.Equal(
            "it declares 500 bytes of memory; running jobs hold 600 bytes of the 1KB that jobs may declare on this instance", closed.Why);
        Assert.Equal(closed.Why, _ledger.WhyWaits(_jobs[1]));

        await permit.CompleteAsync(PermitOutcome.Succeeded);
        Permit(Ask(1, 500, 10));
        Assert.Null(_ledger.WhyWaits(_jobs[1]));
        Assert.Equal(new MemoryUse(1, 500), _ledger.Use);
    }

    [Fact]
    public async Task Ask_OfMoreThanTheBudget_RunsAlone()
    {
        var alone = Permit(Ask(0, 5000, 0));
        Assert.IsType<GateDecision.Closed>(Ask(1, 1, 0));
        await alone.ReturnAsync();
        var small = Permit(Ask(1, 1, 0));
        Assert.IsType<GateDecision.Closed>(Ask(0, 5000, 0));
        await small.ReturnAsync();
        Permit(Ask(0, 5000, 0));
    }

    [Fact]
    public async Task Ask_BehindOneThatHasWaitedForAMinute_DoesNotOvertake()
    {
        var first = Permit(Ask(0, 600, 0));
        Assert.All([0, 30, 55], seconds => Assert.IsType<GateDecision.Closed>(Ask(1, 900, seconds)));
        // The first that fits starts.
        var small = Permit(Ask(2, 100, 59));
        await small.ReturnAsync();

        var late = Assert.IsType<GateDecision.Closed>(Ask(2, 100, 60));
        Assert.Equal($"job {_jobs[1]} has waited for memory for longer", late.Why);
        var head = Assert.IsType<GateDecision.Closed>(Ask(1, 900, 60));
        Assert.Equal(TimeSpan.FromSeconds(65), head.Until - Start);

        await first.ReturnAsync();
        Assert.IsType<GateDecision.Closed>(Ask(2, 100, 61));
        var big = Permit(Ask(1, 900, 65));
        Permit(Ask(2, 100, 66));
        await big.ReturnAsync();
    }

    [Fact]
    public void Ask_BehindOneThatNeverComesBack_StartsAfterAWhile()
    {
        var first = Permit(Ask(0, 600, 0));
        var closed = Assert.IsType<GateDecision.Closed>(Ask(1, 900, 0));
        Assert.NotNull(first);

        var gone = (closed.Until - Start).TotalSeconds + 31;
        Permit(Ask(2, 100, Math.Max(gone, 61)));
        Assert.Null(_ledger.WhyWaits(_jobs[1]));
    }

    [Fact]
    public void Ask_WithMoreWaitingThanAreRemembered_StaysBounded()
    {
        Permit(Ask(0, 1000, 0));
        var ids = Enumerable.Range(0, MemoryLedger.MaxRemembered + 50).Select(_ => JobId.Create(Start)).ToList();

        Assert.All(ids, id => Assert.IsType<GateDecision.Closed>(_ledger.Ask(id, 1, Budget, Start)));

        Assert.Equal(MemoryLedger.MaxRemembered, ids.Count(id => _ledger.WhyWaits(id) is not null));
    }

    [Fact]
    public Task Ask_ByAnyHistory_NeverHoldsMoreThanFits() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[1, 1400], Gen.Bool, Gen.Int[0, 40]).Array[1, 200].SampleAsync(async history =>
        {
            var ledger = new MemoryLedger();
            var running = new Dictionary<int, (long Bytes, IStartPermit Permit)>();
            var waiting = new Dictionary<int, (long Bytes, DateTimeOffset Since, DateTimeOffset Until)>();
            var now = Start;
            foreach (var (job, size, completes, seconds) in history)
            {
                now = now.AddSeconds(seconds);
                if (running.Remove(job, out var ended))
                {
                    await (completes ? ended.Permit.CompleteAsync(PermitOutcome.Inconclusive) : ended.Permit.ReturnAsync());
                    continue;
                }

                // A job whose message is overdue is forgotten: its wait begins again.
                foreach (var overdue in waiting.Where(entry => now - entry.Value.Until > TimeSpan.FromSeconds(30)).ToList())
                    waiting.Remove(overdue.Key);
                var (bytes, since) = waiting.TryGetValue(job, out var wait) ? (wait.Bytes, wait.Since) : (size, now);
                switch (ledger.Ask(_jobs[job], bytes, Budget, now))
                {
                    case GateDecision.Closed closed:
                        waiting[job] = (bytes, since, closed.Until);
                        break;
                    case GateDecision.Open { Permit: { } permit }:
                        waiting.Remove(job);
                        Assert.DoesNotContain(
                            waiting.Values, other => other.Since < since && now - other.Since >= MemoryDecision.OvertakenFor);
                        running[job] = (bytes, permit);
                        break;
                }

                var total = running.Values.Sum(entry => entry.Bytes);
                Assert.True(total <= Budget || running.Count == 1, $"{total} of {Budget} by {running.Count} jobs");
                Assert.Equal(new MemoryUse(running.Count, total), ledger.Use);
            }
        }, iter: 2000);

    private GateDecision Ask(int job, long bytes, double seconds) => _ledger.Ask(_jobs[job], bytes, Budget, Start.AddSeconds(seconds));

    private static IStartPermit Permit(GateDecision decision) => Assert.IsType<GateDecision.Open>(decision).Permit!;
}
