using JobPipeline.Jobs;
using JobPipeline.Maintenance.Overdue;

namespace JobPipeline.Tests.Maintenance;

public sealed class OverdueDecisionTests
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Head = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly JobId Id = JobId.Create(Head);

    /// <summary>
    /// In minutes relative to the head of the queue: the last change of the record, its due time, and the end of the lease.
    /// </summary>
    [Theory]
    [InlineData(JobState.Queued, null, 16, 16, 0, 1)]
    [InlineData(JobState.Queued, null, 15, 15, 0, null)]
    [InlineData(JobState.Queued, null, 16, null, 0, 1)]
    [InlineData(JobState.Queued, null, 1, 600, 0, null)]
    [InlineData(JobState.Scheduled, null, 600, 16, 0, 1)]
    [InlineData(JobState.Scheduled, null, 600, 14, 0, null)]
    [InlineData(JobState.Scheduled, null, 600, -600, 0, null)]
    [InlineData(JobState.Running, AttemptState.Running, 600, null, 16, 2)]
    [InlineData(JobState.Running, AttemptState.Running, 600, null, 14, null)]
    [InlineData(JobState.Running, AttemptState.Running, 600, null, -1, null)]
    [InlineData(JobState.Running, AttemptState.Succeeded, 600, null, 16, 2)]
    [InlineData(JobState.Scheduled, AttemptState.Released, 600, 16, 16, 2)]
    [InlineData(JobState.Scheduled, AttemptState.Released, 600, -1, -1, null)]
    [InlineData(JobState.Queued, AttemptState.Released, 16, 16, 600, 2)]
    [InlineData(JobState.Queued, AttemptState.Released, 14, 14, 600, null)]
    [InlineData(JobState.Retrying, AttemptState.Failed, 600, 16, 610, 3)]
    [InlineData(JobState.Retrying, AttemptState.Failed, 600, 14, 610, null)]
    [InlineData(JobState.Retrying, AttemptState.Failed, 600, -60, 610, null)]
    [InlineData(JobState.Succeeded, AttemptState.Succeeded, 600, null, 600, null)]
    [InlineData(JobState.DeadLettered, AttemptState.Failed, 600, null, 600, null)]
    [InlineData(JobState.Cancelled, AttemptState.Cancelled, 600, null, 600, null)]
    [InlineData(JobState.Expired, AttemptState.Expired, 600, null, 600, null)]
    [InlineData(JobState.Cancelled, null, 600, null, 0, null)]
    public void For_EachKindOfRows_ReturnsTheAttemptToSend(JobState state, AttemptState? attempt, int since, int? due, int lease, int? sent)
    {
        var rows = Rows(state, attempt, since, due, lease);

        Assert.Equal(sent, OverdueDecision.For(rows, Head, waits: false, Margin));
        Assert.Null(OverdueDecision.For(rows, Head, waits: true, Margin));
        Assert.Null(OverdueDecision.For(rows, Head - TimeSpan.FromDays(1), waits: false, Margin));
        if (sent is not null)
            Assert.True(OverdueDecision.MayBe(JobSummary.Of(rows.Record!), Head, Margin));
    }

    [Fact]
    public void For_NoRecord_ReturnsNull() => Assert.Null(OverdueDecision.For(JobSnapshot.None, Head, waits: false, Margin));

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(60, 60, 7.5)]
    [InlineData(1440, 1440, 180)]
    [InlineData(1440, -1, 16)]
    [InlineData(1440, -60, 75)]
    [InlineData(0, -0.5, 15.5)]
    public void LookAgainAt_OpenJob_IsAfterItsDueTimeAndLaterForOlderJobs(double since, double due, double next)
    {
        var job = JobSummary.Of(Rows(JobState.Queued, null, since, due, 0).Record!);

        Assert.Equal(Head.AddMinutes(next), OverdueDecision.LookAgainAt(job, Head, Interval, Margin));
    }

    private static JobSnapshot Rows(JobState state, AttemptState? attempt, double since, double? due, double lease)
    {
        var status = new JobStatus
        {
            State = state,
            Attempt = attempt is null ? 0 : 2,
            Since = Head.AddMinutes(-since),
            DueAt = due is { } minutes ? Head.AddMinutes(-minutes) : null,
        };
        var record = new JobRecord(Id, PriorityQueues.Normal, new JobSpec { Type = "t" }, status);
        return attempt is { } row
            ? new JobSnapshot(
                record,
                [
                    new Attempt
                    {
                        Job = Id,
                        Number = 2,
                        State = row,
                        ClaimId = Guid.NewGuid(),
                        Owner = "w",
                        LeaseUntil = Head.AddMinutes(-lease),
                    },
                ])
            : new JobSnapshot(record, []);
    }
}
