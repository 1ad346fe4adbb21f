using System.Reflection;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Jobs;

public sealed class JobTransitionTests
{
    private static readonly DateTimeOffset Now = Golden.At;
    private static readonly AttemptError Error = new(
        ErrorKind.Transient,
        "System.IO.IOException",
        "unplugged",
        null,
        Now,
        TimeSpan.FromSeconds(2),
        "worker");

    private static readonly Attempt First = new()
    {
        Job = Golden.Id,
        Number = 1,
        State = AttemptState.Running,
        ClaimId = Guid.Parse("11111111-1111-1111-1111-111111111111"),
        Owner = "worker",
        LeaseUntil = Now.AddMinutes(1),
        StartedAt = Now,
    };

    private static readonly Attempt Stored = First with { Number = 2, Version = "7" };

    /// <summary>Transitions of every factory with every combination of arguments.</summary>
    private static readonly (string Factory, JobTransition Transition)[] All =
    [
        (nameof(JobTransition.Enqueue), JobTransition.Enqueue(JobRecord.Enqueued(Golden.Id, PriorityQueues.Normal, Golden.Minimal, Now))),
        (nameof(JobTransition.Enqueue), JobTransition.Enqueue(JobRecord.Enqueued(Golden.Id, PriorityQueues.Normal, Golden.Full, Now))),
        (nameof(JobTransition.Claim), JobTransition.Claim(First, PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Claim), JobTransition.Claim(First with { Number = 2 }, PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.TakeOver), JobTransition.TakeOver(Stored)),
        (nameof(JobTransition.Touch), JobTransition.Touch(Stored)),
        (nameof(JobTransition.Complete), JobTransition.Complete(Stored, Now, "7"u8.ToArray(), false)),
        (nameof(JobTransition.Retry), JobTransition.Retry(Stored, Error, Now, Now.AddSeconds(5))),
        (nameof(JobTransition.DeadLetter), JobTransition.DeadLetter(Stored, Error, Now, DeadLetterReason.PermanentFailure, "why")),
        (
            nameof(JobTransition.Reject),
            JobTransition.Reject(First, Error, Now, DeadLetterReason.UnknownType, "why", PriorityQueues.Normal, Golden.Minimal)),
        (
            nameof(JobTransition.Reject),
            JobTransition.Reject(Stored, Error, Now, DeadLetterReason.KilledItsWorker, "why", PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Release), JobTransition.Release(Stored, Now, Now, "stopped")),
        (nameof(JobTransition.Release), JobTransition.Release(Stored, Now, Now.AddTicks(1), "snoozed")),
        (nameof(JobTransition.Defer), JobTransition.Defer(First, Now, Now, "circuit", PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Defer), JobTransition.Defer(Stored, Now, Now.AddTicks(1), "circuit", PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Cancel), JobTransition.Cancel(Stored, Now, "why")),
        (nameof(JobTransition.CancelUnclaimed), JobTransition.CancelUnclaimed(First, Now, "why")),
        (nameof(JobTransition.CancelUnclaimed), JobTransition.CancelUnclaimed(First with { Number = 2 }, Now, "why")),
        (
            nameof(JobTransition.CancelUnrecorded),
            JobTransition.CancelUnrecorded(First, Now, "why", PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Expedite), JobTransition.Expedite(First, Now, "why")),
        (nameof(JobTransition.Expedite), JobTransition.Expedite(Stored, Now, "why")),
        (nameof(JobTransition.Expire), JobTransition.Expire(First, Now, PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Expire), JobTransition.Expire(Stored, Now, PriorityQueues.Normal, Golden.Minimal)),
        (nameof(JobTransition.Duplicate), JobTransition.Duplicate(Golden.Id, PriorityQueues.Normal, Golden.Minimal, Golden.Second, Now)),
    ];

    [Fact]
    public void EveryFactory_InTheDocument_HasItsStates()
    {
        var table = MarkdownTable.Read("docs/job-states.md", "Transition");
        var factories = typeof(JobTransition).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(JobTransition) && !method.IsSpecialName).Select(method => method.Name);
        Assert.Equal(factories.Order(StringComparer.Ordinal), table.Select(line => line[0]).Order(StringComparer.Ordinal));
        Assert.All(table, line =>
        {
            var uses = All.Where(entry => entry.Factory == line[0]).Select(entry => entry.Transition).ToList();
            Assert.Equal(line[1], Words(uses.Select(t => t.Record?.Status.State.ToString())));
            Assert.Equal(
                line[2],
                line[0] == nameof(JobTransition.Touch) ? "as it was" : Words(uses.Select(t => t.Attempt?.Row.State.ToString())));
            Assert.Equal(line[3], Words(uses.Select(t => t.Record?.Condition.ToString().ToLowerInvariant())));
        });
    }

    [Fact]
    public void EveryTransition_OfAClaim_KeepsItsClaimIdAndVersion() =>
        Assert.All(All.Where(entry => entry.Transition.Attempt is not null), entry =>
        {
            var row = entry.Transition.Attempt!.Row;
            Assert.Equal(First.ClaimId, row.ClaimId);
            Assert.Equal(row.Number == 2 && entry.Transition.Record?.Condition != RecordCondition.Any ? row.Version : null, row.Version);
            if (entry.Transition.Record is { } record)
                Assert.Equal(row.Number, record.Status.Attempt);
        });

    [Fact]
    public void Transitions_ThatMayCreateTheRecord_HaveItsSpecAndQueue() =>
        Assert.All(All.Where(entry => entry.Transition.Record is not null), entry =>
        {
            var record = entry.Transition.Record!;
            var makes = record.Condition != RecordCondition.Present;
            Assert.Equal((makes, makes), (record.Spec is not null, record.Queue is not null));
        });

    [Fact]
    public void EveryTransition_ToAnEndOrAWait_HasItsTime()
    {
        Assert.All(All, entry =>
        {
            var (record, row) = (entry.Transition.Record?.Status, entry.Transition.Attempt?.Row);
            if (row is { State: not (AttemptState.Running or AttemptState.Released) })
                Assert.Equal(Now, row.EndedAt);
            if (row is { State: AttemptState.Failed })
                Assert.Equal(Error, row.Error);
            if (record is { State: JobState.Queued or JobState.Scheduled or JobState.Retrying })
                Assert.NotNull(record.DueAt);
            if (record is { State: JobState.DeadLettered })
                Assert.NotNull(record.DeadLetterReason);
        });
    }

    private static string Words(IEnumerable<string?> values) =>
        string.Join(", ", values.Select(value => value ?? "-").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
