using JobPipeline.Execution.Claims;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Limits;

namespace JobPipeline.Execution;

/// <summary>The value that the executor's steps work on: one job of one delivery, and what is known about it so far.</summary>
internal sealed class JobExecution(
    QueueDelivery delivery, ReadOnlyMemory<byte> body, JobMessage message, int? place, CancellationToken stopping)
{
    public QueueDelivery Delivery { get; } = delivery;

    /// <summary>This job's own part of the delivery.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    public JobMessage Message { get; private set; } = message;

    /// <summary>The id of the dead letter of this delivery when the id in the message can't be trusted.</summary>
    public JobId DerivedId => Delivery.DerivedIdOf(place);

    public JobId Id { get; } = message.Id ?? delivery.DerivedIdOf(place);

    /// <summary>The fence of the last try to claim, by which a claim whose answer was lost is recognised.</summary>
    public Guid ClaimId { get; private set; }

    /// <summary>Cancelled when the host's grace period is over.</summary>
    public CancellationToken Stopping { get; } = stopping;

    /// <summary>When the host takes the delivery away, handlers included; null: never.</summary>
    public DateTimeOffset? EndBy { get; init; }

    /// <summary>Whether a row at a limit may stand for its message.</summary>
    public bool MayPark { get; init; } = true;

    /// <summary>Whether it is one of many jobs in its message.</summary>
    public bool IsPart { get; init; }

    /// <summary>Whether the unique key of a foreign message is reserved. Always true for messages of ours.</summary>
    public bool IsAdmitted { get; set; } = !message.NeedsAdmission;

    public string Queue { get; } = message.Ready?.Queue ?? HomeOf(PriorityQueues.Of(delivery.Queue));

    public JobSpec Spec => Message.Spec;

    /// <summary>Null when this instance has no handler for the type.</summary>
    public JobDescriptor? Descriptor { get; set; }

    /// <summary>The handler's argument.</summary>
    public object? Payload { get; set; }

    /// <summary>Set when it is known before the claim that the handler must not run: the claim then dead-letters the job.</summary>
    public (DeadLetterReason Reason, string Why)? Rejection { get; set; }

    /// <summary>The job's rows; null when they did not have to be read.</summary>
    public JobSnapshot? Rows { get; set; }

    /// <summary>The last try to claim, whose answer may be lost.</summary>
    public ClaimTry? Tried { get; set; }

    /// <summary>What the gates gave for this start; null when none of them counts starts.</summary>
    public IStartPermit? Permit { get; set; }

    /// <summary>Whether it starts whatever its limits and pauses, as its record says.</summary>
    public bool IsExpedited { get; set; }

    /// <summary>The gate that holds the job, to be recorded by the claim; null when none does.</summary>
    public GateDecision.Closed? Closed { get; set; }

    /// <summary>Whether the claim starts the job for the first time: a released or taken-over attempt has started before.</summary>
    public bool IsFirstStart { get; set; }

    /// <summary>How long the handler ran; null when it did not.</summary>
    public TimeSpan? Ran { get; set; }

    /// <summary>Whether the end of its run is counted.</summary>
    public bool IsMeasured { get; set; }

    /// <summary>The claim that this worker holds; null before the claim.</summary>
    public JobClaim? Claim { get; set; }

    /// <summary>
    /// Whether rows of this attempt are unlikely, so that the claim may insert without reading. A later attempt's number could be forged,
    /// so its rows are read first.
    /// </summary>
    public bool MayClaimUnread => Rows is null && Message.Attempt == 1 && !Delivery.IsRepeated(Message.IsSentHidden);

    public int MaxAttempts => Spec.MaxAttempts ?? Descriptor!.MaxAttempts;

    public TimeSpan Timeout => Spec.Timeout ?? Descriptor!.Timeout;

    public RetrySchedule Backoff => Descriptor!.Backoff.With(Spec.Backoff);

    /// <summary>The time limit of a handler that starts now: its own, or the time left before <see cref="EndBy"/>.</summary>
    public TimeSpan TimeoutFrom(DateTimeOffset now) =>
        EndBy is { } end && end - now < Timeout ? Max(end - now, TimeSpan.FromMilliseconds(1)) : Timeout;

    /// <summary>Whether its whole time limit fits. Only a part has to: in a message of its own it gets a whole delivery.</summary>
    public bool FitsFrom(DateTimeOffset now) => !IsPart || EndBy is not { } end || now + Timeout <= end;

    /// <summary>Creates a fence for one try: one that was lost to another worker must never be valid again.</summary>
    public Guid NewClaimId() => ClaimId = Guid.NewGuid();

    /// <summary>Replaces the description of the message by that of the stored record.</summary>
    public void Adopt(JobSnapshot rows)
    {
        Rows = rows;
        if (rows.Record is not { } record)
            return;
        IsAdmitted |= Rejection is null;
        Describe(record.Spec);
    }

    /// <summary>Replaces the description of the job.</summary>
    public void Describe(JobSpec spec) => Message = Message with { Spec = spec };

    public IEnumerable<AttemptError> EarlierErrors =>
        Rows?.Attempts.Where(a => a.Error is not null).Select(a => a.Error!) ?? [];

    /// <summary>A message of the queue of ready jobs says which queue it belongs to. One that does not is not ours.</summary>
    private static string HomeOf(string queue) => queue == PriorityQueues.Ready ? PriorityQueues.Normal : queue;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
