using CsCheck;
using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.Tests.Failures.Groups;

public sealed class ErrorGroupRulesTests
{
    private static readonly ErrorGroup New = ErrorGroupRules.New(Batches.Of(3));

    [Fact]
    public void New_FromABatch_CopiesItsValues()
    {
        Assert.Equal(
            (Batches.Group, "IOException: unplugged", "System.IO.IOException", 3L),
            (New.Id, New.Title, New.ExceptionType, New.Count));
        Assert.Equal((ErrorGroupState.Open, false, "1.0.0", "1.0.0"), (New.State, New.IsRegression, New.FirstRelease, New.LastRelease));
        Assert.Equal((Batches.At, Batches.At), (New.FirstSeenAt, New.LastSeenAt));
        Assert.Equal([new ErrorDay(Batches.Day, 3)], New.Days);
        Assert.Equal("a 1", Assert.Single(New.Samples).Message);
    }

    /// <summary>The release the group was resolved in, the release it is seen in, and the expected state.</summary>
    [Theory]
    [InlineData("1.0.0", "1.0.0", "Resolved")]
    [InlineData("1.1.0", "1.0.0", "Resolved")]
    [InlineData("1.1.0", "1.1.0-rc.1", "Resolved")]
    [InlineData("1.1.0", "1.1.1", "Open regression")]
    [InlineData("1.1.0-rc.1", "1.1.0", "Open regression")]
    [InlineData("1.9.0", "1.10.0", "Open regression")]
    [InlineData("build-b", "build-b", "Resolved")]
    [InlineData("build-b", "1.0.0", "Resolved")]
    [InlineData("build-b", "build-c", "Open regression")]
    public void Seen_ResolvedGroup_IsARegressionOnlyInALaterRelease(string resolvedIn, string release, string state)
    {
        var seen = New.Resolved(resolvedIn).Seen(Batches.Of(2, release, sequence: 2, at: Batches.At.AddHours(1)));

        Assert.Equal(state, seen.IsRegression ? $"{seen.State} regression" : seen.State.ToString());
        Assert.Equal(5, seen.Count);
        Assert.Equal(state == "Resolved" ? null : Batches.At.AddHours(1), seen.RegressedAt);
        Assert.Equal(resolvedIn, seen.ResolvedIn);
    }

    [Fact]
    public void Seen_IgnoredGroup_OnlyCounts()
    {
        var seen = New.Ignored().Seen(Batches.Of(2, "9.0.0", sequence: 2));
        Assert.Equal((ErrorGroupState.Ignored, 5L, false), (seen.State, seen.Count, seen.IsRegression));
    }

    [Fact]
    public void Seen_Regression_RemainsOneUntilItIsResolved()
    {
        var regressed = New.Resolved("1.0.0").Seen(Batches.Of(1, "1.1.0", sequence: 2));

        Assert.True(regressed.Seen(Batches.Of(1, "1.0.0", sequence: 3)).IsRegression);
        Assert.False(regressed.Resolved("1.2.0").IsRegression);
        Assert.False(regressed.Ignored().Reopened().IsRegression);
        Assert.True(regressed.Reopened().IsRegression);
    }

    [Theory]
    [InlineData("0.9.0", "0.9.0", "1.0.0")]
    [InlineData("1.1.0", "1.0.0", "1.1.0")]
    [InlineData("1.0.0", "1.0.0", "1.0.0")]
    [InlineData("canary", "1.0.0", "canary")]
    public void Seen_InAnotherRelease_StoresTheFirstAndTheLast(string release, string first, string last)
    {
        var seen = New.Seen(Batches.Of(1, release, sequence: 2));
        Assert.Equal((first, last), (seen.FirstRelease, seen.LastRelease));
    }

    [Fact]
    public void Seen_SameBatchAgain_ChangesNothing()
    {
        var seen = New.Seen(Batches.Of(2, sequence: 7));

        Assert.Same(seen, seen.Seen(Batches.Of(2, sequence: 7)));
        Assert.Same(seen, seen.Seen(Batches.Of(2, sequence: 6)));
        Assert.Equal(7, seen.Seen(Batches.Of(2, instance: "b", sequence: 7)).Count);
    }

    [Fact]
    public void Seen_MoreThanTheLimits_KeepsTheNewest()
    {
        var group = New;
        for (var i = 1; i <= 150; i++)
            group = group.Seen(Batches.Of(1, instance: $"i{i}", sequence: 1, at: Batches.At.AddDays(i), job: $"job{i}"));

        Assert.Equal(153, group.Count);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => Batches.Day.AddDays(150 - i)), group.Days.Select(day => day.Day));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"i{150 - i} 1"), group.Samples.Select(sample => sample.Message));
        Assert.Equal(ErrorGroup.MaxJobTypes, group.JobTypes.Count);
        Assert.Equal(ErrorGroup.MaxBatches, group.Batches.Count);
        Assert.True(group.HasCounted(new ErrorBatchId("i150", 1)));
        Assert.True(group.HasCounted(new ErrorBatchId("i51", 1)));
    }

    /// <summary>Instances write in any order and repeat writes whose result is unknown.</summary>
    [Fact]
    public void Seen_InAnyOrderAndAgain_CountsEachBatchOnce() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 40])
            .Array[1, 12]
            .Select(Gen.Shuffle(Enumerable.Range(0, 12).ToArray()))
            .Sample(
                (wanted, order) =>
                {
                    var batches = wanted
                        .Select((batch, i) => Batches.Of(batch.Item1, instance: $"i{i}", at: Batches.At.AddHours(batch.Item2)))
                        .ToList();
                    var group = order.Where(i => i < batches.Count).Aggregate(New, (group, i) => group.Seen(batches[i]).Seen(batches[i]));

                    Assert.Equal(3 + batches.Sum(batch => batch.Days.Sum(day => day.Count)), group.Count);
                    Assert.Equal(group.Count, group.Days.Sum(day => day.Count));
                    Assert.Equal(batches.Max(batch => batch.LastAt) is var last && last > Batches.At ? last : Batches.At, group.LastSeenAt);
                });

    [Fact]
    public void Recounted_WithMoreFailuresOnRecord_AddsTheMissingOnes()
    {
        var group = New.Seen(Batches.Of(5, sequence: 2, at: Batches.At.AddDays(-1)));

        var repaired = group.Recounted(
            [new(Batches.Day, 10), new(Batches.Day.AddDays(-1), 2), new(Batches.Day.AddDays(-2), 4), new(Batches.Day.AddDays(-30), 100)],
            Batches.Day);

        Assert.Equal(
            [new ErrorDay(Batches.Day, 10), new ErrorDay(Batches.Day.AddDays(-1), 5), new ErrorDay(Batches.Day.AddDays(-2), 4)],
            repaired.Days);
        Assert.Equal(8 + 7 + 4, repaired.Count);
        Assert.Same(repaired, repaired.Recounted([new(Batches.Day, 10)], Batches.Day));
    }
}
