using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Tests.Jobs;

namespace JobPipeline.Tests.Execution;

public sealed class RetryScheduleTests
{
    private static readonly RetrySchedule Schedule = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(7, 320)]
    [InlineData(8, 600)]
    [InlineData(100, 600)]
    [InlineData(int.MaxValue, 600)]
    public void CeilingAfter_EachAttempt_DoublesUpToTheCap(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.CeilingAfter(attempt));

    [Fact]
    public void DelayAfter_AnyAttemptOfAnyJob_IsBelowAMonotonicCeiling() =>
        Gen.Select(Gen.Long[1, TimeSpan.FromDays(1).Ticks], Gen.Long[1, TimeSpan.FromDays(6).Ticks], Gen.Int[1, 1_000], Gen.String)
            .Sample(
                (first, cap, attempt, name) =>
                {
                    var schedule = new RetrySchedule(TimeSpan.FromTicks(first), TimeSpan.FromTicks(cap));
                    var job = JobId.FromDelivery(name, Golden.At);
                    Assert.InRange(schedule.DelayAfter(attempt, job), TimeSpan.Zero, schedule.CeilingAfter(attempt));
                    Assert.InRange(schedule.CeilingAfter(attempt), TimeSpan.Zero, schedule.Cap);
                    Assert.True(schedule.CeilingAfter(attempt) <= schedule.CeilingAfter(attempt + 1));
                    Assert.Equal(schedule.DelayAfter(attempt, job), schedule.DelayAfter(attempt, job));
                });

    [Theory]
    [InlineData(BackoffKind.Linear, new[] { 5, 10, 15, 600 })]
    [InlineData(BackoffKind.Fixed, new[] { 5, 5, 5, 5 })]
    [InlineData(BackoffKind.Listed, new[] { 1, 60, 7, 7 })]
    public void DelayAfter_KindsWithoutJitter_AreExact(BackoffKind kind, int[] seconds)
    {
        var schedule = Schedule with { Kind = kind, Delays = [TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(7)] };
        Assert.Equal(seconds, new[] { 1, 2, 3, 1000 }.Select(attempt => (int)schedule.DelayAfter(attempt, Golden.Id).TotalSeconds));
    }

    /// <summary>Checks the mean over many jobs, because a single draw is monotonic only in expectation.</summary>
    [Fact]
    public void DelayAfter_AnyKindExceptListed_GrowsInExpectationAndStaysWithinTheCap() =>
        Gen.Select(
                Gen.OneOf(BackoffKind.Exponential, BackoffKind.Linear, BackoffKind.Fixed),
                Gen.Long[TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerHour],
                Gen.Long[TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerDay],
                Gen.Int[1, 12])
            .Sample(
                (kind, first, cap, attempt) =>
                {
                    var schedule = new RetrySchedule(TimeSpan.FromTicks(first), TimeSpan.FromTicks(cap)) { Kind = kind };
                    double Mean(int n) =>
                        Enumerable
                            .Range(0, 400)
                            .Average(i => schedule.DelayAfter(n, JobId.FromDelivery($"{i}", Golden.At)).TotalMilliseconds);
                    // The standard deviation of the mean of 400 uniform draws is 1.5 % of the ceiling.
                    Assert.True(Mean(attempt) <= (Mean(attempt + 1) * 1.25) + 1);
                    Assert.InRange(Mean(attempt), 0, schedule.Cap.TotalMilliseconds + 0.001);
                },
                iter: 200);

    [Fact]
    public void With_OverridesOfAMessage_ReplacesOnlyThose()
    {
        Assert.Same(Schedule, Schedule.With(null));
        Assert.Equal(
            Schedule with
            {
                Kind = BackoffKind.Fixed,
                Cap = TimeSpan.FromDays(1),
            },
            Schedule.With(new BackoffOverride { Kind = BackoffKind.Fixed, Cap = TimeSpan.FromDays(1) }));
        var listed = Schedule.With(new BackoffOverride { Delays = [TimeSpan.FromSeconds(3)] });
        Assert.Equal((BackoffKind.Listed, TimeSpan.FromSeconds(3)), (listed.Kind, listed.DelayAfter(9, Golden.Id)));
    }

    /// <summary>Two workers, or two releases, must compute the same delay.</summary>
    [Fact]
    public void DelayAfter_TheSameJobAndAttempt_IsPinned()
    {
        Assert.Equal(TimeSpan.FromTicks(45_491_040), Schedule.DelayAfter(1, Golden.Id));
        Assert.NotEqual(Schedule.DelayAfter(8, Golden.Id), Schedule.DelayAfter(9, Golden.Id));
    }

    /// <summary>χ² with 19 degrees of freedom exceeds 50 in one of 10,000 sets of uniform draws.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void DelayAfter_OverManyJobs_IsUniform(int attempt)
    {
        const int bins = 20;
        const int jobs = 20_000;
        var counts = new int[bins];
        for (var i = 0; i < jobs; i++)
            counts[(int)(Schedule.DelayAfter(attempt, JobId.FromDelivery($"{i}", Golden.At)) / Schedule.CeilingAfter(attempt) * bins)]++;
        const double expected = (double)jobs / bins;
        Assert.InRange(counts.Sum(count => (count - expected) * (count - expected) / expected), 5, 50);
    }
}
