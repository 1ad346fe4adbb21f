using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Rescue;

namespace JobPipeline.Tests.Maintenance;

public sealed class RescueDecisionTests
{
    private const string Dead = "host:1:abc";
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly JobId Id = JobId.Create(Now);

    [Theory]
    [InlineData(JobState.Running, AttemptState.Running, 1, Dead, 0, "Resend")]
    [InlineData(JobState.Running, AttemptState.Running, 1, Dead, 1, "Wait")]
    [InlineData(JobState.Running, AttemptState.Running, 1, "another", -1, "Leave")]
    [InlineData(JobState.Running, AttemptState.Running, 2, Dead, -1, "Leave")]
    [InlineData(JobState.Retrying, AttemptState.Failed, 1, Dead, -1, "Leave")]
    [InlineData(JobState.Scheduled, AttemptState.Released, 1, Dead, -1, "Leave")]
    [InlineData(JobState.Succeeded, AttemptState.Running, 1, Dead, -1, "Leave")]
    public void For_EachKindOfRows_Decides(JobState state, AttemptState attempt, int number, string owner, int leaseSeconds, string fate)
    {
        var record = new JobRecord(
            Id,
            PriorityQueues.Normal,
            new JobSpec { Type = "t" },
            new JobStatus
            {
                State = state,
                Attempt = number,
                Since = Now,
            });
        var row = new Attempt
        {
            Job = Id,
            Number = number,
            State = attempt,
            ClaimId = Guid.NewGuid(),
            Owner = owner,
            LeaseUntil = Now.AddSeconds(leaseSeconds),
        };

        Assert.Equal(
            fate,
            RescueDecision.For(new InFlightJob(Id, 1, PriorityQueues.Normal), new JobSnapshot(record, [row]), Dead, Now).ToString());
    }

    [Fact]
    public void For_NoRows_Leaves() =>
        Assert.Equal(RescueFate.Leave, RescueDecision.For(new InFlightJob(Id, 1, PriorityQueues.Normal), JobSnapshot.None, Dead, Now));
}
