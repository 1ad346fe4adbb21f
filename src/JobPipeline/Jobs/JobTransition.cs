namespace JobPipeline.Jobs;

/// <summary>The condition on the record in a transition.</summary>
public enum RecordCondition
{
    /// <summary>The record is inserted; the transition fails if it exists.</summary>
    Absent,

    /// <summary>The record is merged, or inserted if it is missing.</summary>
    Any,

    /// <summary>The record is merged; the transition fails if it is missing.</summary>
    Present,
}

/// <summary>A write to a job's record: its status, and its spec where the record may have to be inserted.</summary>
public sealed record RecordWrite(RecordCondition Condition, JobStatus Status, string? Queue = null, JobSpec? Spec = null);

/// <summary>
/// A write to an attempt row: an insert when its <see cref="Attempt.Version"/> is null, otherwise a replace on condition that the
/// stored version is unchanged.
/// </summary>
public sealed record AttemptWrite(Attempt Row);

/// <summary>
/// One state change of a job, as a value: the rows to write and the conditions to write them under. A store applies it in one
/// transaction. All transitions are listed in docs/job-states.md.
/// </summary>
public sealed record JobTransition(JobId Job, RecordWrite? Record, AttemptWrite? Attempt)
{
    /// <summary>The producer inserts the record. Has no effect if a worker has inserted it first.</summary>
    public static JobTransition Enqueue(JobRecord record) =>
        new(record.Id, new RecordWrite(RecordCondition.Absent, record.Status, record.Queue, record.Spec), null);

    /// <summary>A worker claims an attempt that has no row yet. Only one insert can succeed.</summary>
    public static JobTransition Claim(Attempt row, string queue, JobSpec spec) => Begin(row, spec, queue, new JobStatus
    {
        State = JobState.Running,
        Attempt = row.Number,
        Since = row.StartedAt,
    });

    /// <summary>A worker claims an attempt that was released or whose lease has expired.</summary>
    public static JobTransition TakeOver(Attempt row) => End(row, new JobStatus
    {
        State = JobState.Running,
        Attempt = row.Number,
        Since = row.StartedAt,
    });

    /// <summary>Changes only the attempt: heartbeat, progress, checkpoint, cancellation request.</summary>
    public static JobTransition Touch(Attempt row) => new(row.Job, null, new AttemptWrite(row));

    /// <summary>The handler succeeded.</summary>
    public static JobTransition Complete(Attempt row, DateTimeOffset now, ReadOnlyMemory<byte> result, bool resultInBlob) => End(
        row with { State = AttemptState.Succeeded, EndedAt = now },
        new JobStatus
        {
            State = JobState.Succeeded,
            Attempt = row.Number,
            Since = now,
            Result = resultInBlob ? default : result,
            ResultInBlob = resultInBlob,
        });

    /// <summary>The attempt failed; the next one is due at <paramref name="retryAt"/>.</summary>
    public static JobTransition Retry(Attempt row, AttemptError error, DateTimeOffset now, DateTimeOffset retryAt) => End(
        row with { State = AttemptState.Failed, EndedAt = now, Error = error },
        new JobStatus { State = JobState.Retrying, Attempt = row.Number, Since = now, DueAt = retryAt, Reason = error.Message });

    /// <summary>The attempt failed and the job is not retried.</summary>
    public static JobTransition DeadLetter(Attempt row, AttemptError error, DateTimeOffset now, DeadLetterReason reason, string why) => End(
        row with { State = AttemptState.Failed, EndedAt = now, Error = error }, DeadLettered(row, now, reason, why));

    /// <summary>The job is known to be unable to run before it is claimed: its attempt is claimed and ended in one step.</summary>
    public static JobTransition Reject(
        Attempt row, AttemptError error, DateTimeOffset now, DeadLetterReason reason, string why, string queue, JobSpec spec) => Begin(
        row with { State = AttemptState.Failed, EndedAt = now, Error = error }, spec, queue, DeadLettered(row, now, reason, why));

    /// <summary>The attempt is released without being used, and can be claimed again from <paramref name="until"/>.</summary>
    public static JobTransition Release(Attempt row, DateTimeOffset now, DateTimeOffset until, string reason) => End(
        row with { State = AttemptState.Released, LeaseUntil = until },
        new JobStatus
        {
            State = until > now ? JobState.Scheduled : JobState.Queued,
            Attempt = row.Number,
            Since = now,
            DueAt = until,
            Reason = reason,
        });

    /// <summary>The claimed attempt is cancelled.</summary>
    public static JobTransition Cancel(Attempt row, DateTimeOffset now, string reason) => End(
        row with { State = AttemptState.Cancelled, EndedAt = now },
        new JobStatus { State = JobState.Cancelled, Attempt = row.Number, Since = now, Reason = reason });

    /// <summary>An attempt that has no row yet is cancelled: the canceller claims it and ends it in one step.</summary>
    public static JobTransition CancelUnclaimed(Attempt row, DateTimeOffset now, string reason) =>
        Begin(row with { State = AttemptState.Cancelled, EndedAt = now }, spec: null, queue: null, new JobStatus
        {
            State = JobState.Cancelled,
            Attempt = row.Number,
            Since = now,
            Reason = reason,
        });

    /// <summary>
    /// A step's job that has no record yet is cancelled: the canceller inserts the record, without the payload, and claims and ends the
    /// attempt in one step. Fails if there is a record.
    /// </summary>
    public static JobTransition CancelUnrecorded(Attempt row, DateTimeOffset now, string reason, string queue, JobSpec spec)
    {
        var cancelled = CancelUnclaimed(row, now, reason);
        return cancelled with { Record = new RecordWrite(RecordCondition.Absent, cancelled.Record!.Status, queue, spec) };
    }

    /// <summary>The job is known to have to wait before it is claimed: its attempt is claimed and released in one step.</summary>
    public static JobTransition Defer(Attempt row, DateTimeOffset now, DateTimeOffset until, string reason, string queue, JobSpec spec) =>
        Begin(row with { State = AttemptState.Released, LeaseUntil = until }, spec, queue, new JobStatus
        {
            State = until > now ? JobState.Scheduled : JobState.Queued,
            Attempt = row.Number,
            Since = now,
            DueAt = until,
            Reason = reason,
        });

    /// <summary>
    /// Someone wants the job to run now, whatever it waits for: an attempt that no worker holds is released as of now, with that on
    /// record.
    /// </summary>
    public static JobTransition Expedite(Attempt row, DateTimeOffset now, string reason) =>
        Begin(row with { State = AttemptState.Released, LeaseUntil = now }, spec: null, queue: null, new JobStatus
        {
            State = JobState.Queued,
            Attempt = row.Number,
            Since = now,
            DueAt = now,
            Reason = reason,
            IsExpedited = true,
        });

    /// <summary>The job's deadline has passed: its attempt is claimed, or taken over, and ended in one step.</summary>
    public static JobTransition Expire(Attempt row, DateTimeOffset now, string queue, JobSpec spec, string? lastError = null) =>
        Begin(row with { State = AttemptState.Expired, EndedAt = now }, spec, queue, new JobStatus
        {
            State = JobState.Expired,
            Attempt = row.Number,
            Since = now,
            Reason = lastError is null
                ? $"not started before {spec.Deadline:O}"
                : $"attempt {row.Number} was not started before {spec.Deadline:O}; the previous attempt failed: {lastError}",
        });

    /// <summary>A discarded duplicate leaves a record that refers to the job that holds the unique key.</summary>
    public static JobTransition Duplicate(JobId id, string queue, JobSpec spec, JobId holder, DateTimeOffset now) =>
        new(id, new RecordWrite(RecordCondition.Absent, new JobStatus
        {
            State = JobState.Cancelled,
            Attempt = 0,
            Since = now,
            Reason = $"duplicate of {holder}",
            DuplicateOf = holder,
        }, queue, spec), null);

    private static JobStatus DeadLettered(Attempt row, DateTimeOffset now, DeadLetterReason reason, string why) => new()
    {
        State = JobState.DeadLettered,
        Attempt = row.Number,
        Since = now,
        Reason = why,
        DeadLetterReason = reason,
    };

    private static JobTransition Begin(Attempt row, JobSpec? spec, string? queue, JobStatus status)
    {
        // Only a first attempt may find no record, because the producer inserts it after sending the message. Later attempts follow a
        // recorded failure.
        var condition = row.Number == 1 && row.Version is null && spec is not null ? RecordCondition.Any : RecordCondition.Present;
        return new JobTransition(
            row.Job,
            condition == RecordCondition.Any ? new RecordWrite(condition, status, queue, spec) : new RecordWrite(condition, status),
            new AttemptWrite(row));
    }

    private static JobTransition End(Attempt row, JobStatus status) =>
        new(row.Job, new RecordWrite(RecordCondition.Present, status), new AttemptWrite(row));
}
