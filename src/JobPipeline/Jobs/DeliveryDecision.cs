using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>
/// Decides what to do with a delivered message, given the rows of its job. A pure function; its table is in docs/job-states.md.
/// </summary>
internal abstract record DeliveryDecision
{
    private DeliveryDecision()
    {
    }

    /// <summary>No attempt row exists: claim the attempt by inserting one.</summary>
    public sealed record Claim(int Attempt) : DeliveryDecision;

    /// <summary>The attempt was released or its lease has expired: take it over under the row's version.</summary>
    public sealed record TakeOver(Attempt Row, int Deaths) : DeliveryDecision;

    /// <summary>Too many workers died on it: take it over only to end it.</summary>
    public sealed record EndAfterWorkerCrash(Attempt Row, int Deaths) : DeliveryDecision;

    /// <summary>Another worker holds the lease, or the attempt is not due: hide the message until then, and never acknowledge it.</summary>
    public sealed record PutBack(DateTimeOffset Until) : DeliveryDecision;

    /// <summary>
    /// The attempt is recorded as failed, but the message of the next one may not have been sent: send it, then acknowledge.
    /// </summary>
    public sealed record Resend(int Attempt, DateTimeOffset DueAt) : DeliveryDecision;

    /// <summary>The job has ended, but its follow-ups may be missing: repeat them, then acknowledge.</summary>
    public sealed record RepeatFollowUps : DeliveryDecision;

    /// <summary>The message is older than the recorded state: acknowledge it.</summary>
    public sealed record Acknowledge : DeliveryDecision;

    /// <summary>The rows with this id belong to another job.</summary>
    public sealed record Refuse(string Why) : DeliveryDecision;

    /// <param name="message">The message; its attempt number is a hint.</param>
    /// <param name="rows">All rows of the job id.</param>
    /// <param name="now">The current time.</param>
    /// <param name="maxDeaths">The number of worker crashes that ends a job.</param>
    public static DeliveryDecision For(JobMessage message, JobSnapshot rows, DateTimeOffset now, int maxDeaths)
    {
        if (rows.Record is not { } record)
            return rows.Current is null ? new Claim(1) : new Refuse("the job's record is missing");
        if (IsAnotherJob(message.Spec, record.Spec) && !IsStoppedStep(message.Spec, record))
            return new Refuse($"job {record.Id} is another job ({record.Spec.Type})");
        if (record.Status.State.IsTerminal())
            return new RepeatFollowUps();
        if (rows.Current is not { } current)
            return new Claim(1);
        if (message.Attempt < current.Number)
            return new Acknowledge();

        return current.State switch
        {
            AttemptState.Failed => AfterFailure(message, record, current, now),
            _ when current.LeaseUntil > now => new PutBack(current.LeaseUntil),
            AttemptState.Released => new TakeOver(current, current.Deaths),
            _ when current.Deaths + 1 >= maxDeaths => new EndAfterWorkerCrash(current, current.Deaths + 1),
            _ => new TakeOver(current, current.Deaths + 1),
        };
    }

    private static DeliveryDecision AfterFailure(JobMessage message, JobRecord record, Attempt failed, DateTimeOffset now)
    {
        var dueAt = record.Status.DueAt ?? now;
        if (message.Attempt <= failed.Number)
            return new Resend(failed.Number + 1, dueAt);
        return dueAt > now ? new PutBack(dueAt) : new Claim(failed.Number + 1);
    }

    /// <summary>
    /// Whether the record is that of the message's step, which was stopped before its job had a record: its payload was not known then.
    /// </summary>
    private static bool IsStoppedStep(JobSpec asked, JobRecord record) =>
        record.Status.State == JobState.Cancelled
        && record.Spec.Workflow is { } step
        && record.Spec.Payload.IsEmpty
        && asked.Workflow == step
        && asked.Type == record.Spec.Type;

    private static bool IsAnotherJob(JobSpec asked, JobSpec stored) =>
        asked.Type != stored.Type
        || asked.PayloadInBlob != stored.PayloadInBlob
        || !asked.Payload.Span.SequenceEqual(stored.Payload.Span);
}
