using JobPipeline.Execution.Claims;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution;

/// <summary>The value that the executor's steps work on: one job of one delivery, and what is known of it so far.</summary>
internal sealed class JobExecution(QueueDelivery delivery, ReadOnlyMemory<byte> body, JobMessage message, int? place, CancellationToken stopping)
{
    public QueueDelivery Delivery { get; } = delivery;

    /// <summary>This job's own part of the delivery.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    public JobMessage Message { get; private set; } = message;

    /// <summary>The id of whatever becomes of this delivery when its own id can't be believed.</summary>
    public JobId DerivedId => Delivery.DerivedIdOf(place);

    public JobId Id { get; } = message.Id ?? delivery.DerivedIdOf(place);

    /// <summary>The fence that was tried last: a claim whose answer was lost is known again by it.</summary>
    public Guid ClaimId { get; private set; }

    /// <summary>Cancelled when the host's grace is over.</summary>
    public CancellationToken Stopping { get; } = stopping;

    /// <summary>When the host takes the delivery away, handlers included; null: never.</summary>
    public DateTimeOffset? EndBy { get; init; }

    /// <summary>One of many in its message.</summary>
    public bool IsPart { get; init; }

    /// <summary>True when a foreign message has had its unique key reserved, and for every message of ours.</summary>
    public bool IsAdmitted { get; set; } = !message.NeedsAdmission;

    public string Lane { get; } = JobLanes.Of(delivery.Queue);

    public JobSpec Spec => Message.Spec;

    /// <summary>Null when the type is unknown.</summary>
    public JobDescriptor? Descriptor { get; set; }

    /// <summary>The handler's argument.</summary>
    public object? Payload { get; set; }

    /// <summary>Set when it is known before the claim that the handler must not run: the claim ends the job in one step.</summary>
    public (DeadLetterReason Reason, string Why)? Rejection { get; set; }

    /// <summary>The job's rows, when they had to be read.</summary>
    public JobSnapshot? Rows { get; set; }

    /// <summary>What the claim put on record.</summary>
    public JobStatus? BeganAs { get; set; }

    /// <summary>True when the claim began its very first attempt: one that comes back, or is taken over, began before.</summary>
    public bool IsFirstStart { get; set; }

    /// <summary>How long its handler ran; null: it did not.</summary>
    public TimeSpan? Ran { get; set; }

    /// <summary>How its run ended is counted.</summary>
    public bool IsMeasured { get; set; }

    /// <summary>What this worker holds after the claim.</summary>
    public JobClaim? Claim { get; set; }

    /// <summary>
    /// True when nothing speaks for rows of this attempt: the claim may insert without reading. A later attempt's number
    /// could be forged, so it is read first.
    /// </summary>
    public bool MayClaimUnread => Rows is null && Message.Attempt == 1 && Delivery.DequeueCount <= 1;

    public int MaxAttempts => Spec.MaxAttempts ?? Descriptor!.MaxAttempts;

    public TimeSpan Timeout => Spec.Timeout ?? Descriptor!.Timeout;

    public RetrySchedule Backoff => Descriptor!.Backoff.With(Spec.Backoff);

    /// <summary>The time limit of a handler that starts now: its own, or what is left before <see cref="EndBy"/>.</summary>
    public TimeSpan TimeoutFrom(DateTimeOffset now) => EndBy is { } end && end - now < Timeout ? Max(end - now, TimeSpan.FromMilliseconds(1)) : Timeout;

    /// <summary>A part may start only when its whole time limit fits; alone in a message of its own it gets a delivery of its own.</summary>
    public bool FitsFrom(DateTimeOffset now) => !IsPart || EndBy is not { } end || now + Timeout <= end;

    /// <summary>A fence of its own for every try: one that was lost to another worker must never be good again.</summary>
    public Guid NewClaimId() => ClaimId = Guid.NewGuid();

    /// <summary>Stored rows outrank what the message says of the job.</summary>
    public void Adopt(JobSnapshot rows)
    {
        Rows = rows;
        if (rows.Record is not { } record)
            return;
        IsAdmitted |= Rejection is null;
        Message = Message with { Spec = record.Spec };
    }

    /// <summary>The payload was moved to a blob.</summary>
    public void MovedPayload() => Message = Message with { Spec = Spec with { Payload = default, PayloadInBlob = true } };

    public IEnumerable<AttemptError> EarlierErrors =>
        Rows?.Attempts.Where(a => a.Error is not null).Select(a => a.Error!) ?? [];

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
