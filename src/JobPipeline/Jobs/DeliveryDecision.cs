using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>
/// What to do with a delivered message, given the rows of its job. A pure function; its table is in docs/job-states.md.
/// </summary>
public abstract record DeliveryDecision
{
    private DeliveryDecision()
    {
    }

    /// <summary>No row stands in the way: insert this attempt.</summary>
    public sealed record Claim(int Attempt) : DeliveryDecision;

    /// <summary>The row was released, or its lease has run out: replace it under its version.</summary>
    public sealed record TakeOver(Attempt Row, int Deaths) : DeliveryDecision;

    /// <summary>Too many workers died on it: take it over only to end it.</summary>
    public sealed record EndAfterWorkerCrash(Attempt Row, int Deaths) : DeliveryDecision;

    /// <summary>Somebody else's turn until then: hide the message, never acknowledge it.</summary>
    public sealed record PutBack(DateTimeOffset Until) : DeliveryDecision;

    /// <summary>The attempt failed on record but its successor may never have been sent: send it, then acknowledge.</summary>
    public sealed record Resend(int Attempt, DateTimeOffset DueAt) : DeliveryDecision;

    /// <summary>The job has ended; its follow-ups may be missing: repeat them, then acknowledge.</summary>
    public sealed record RepeatFollowUps : DeliveryDecision;

    /// <summary>The message is older than what is on record: acknowledge.</summary>
    public sealed record Acknowledge : DeliveryDecision;

    /// <summary>The rows under this id are another job's.</summary>
    public sealed record Refuse(string Why) : DeliveryDecision;

    /// <param name="message">The message; its attempt number is a hint.</param>
    /// <param name="rows">All rows under its job id.</param>
    /// <param name="now">The present.</param>
    /// <param name="maxDeaths">The death that ends a job.</param>
    public static DeliveryDecision For(JobMessage message, JobSnapshot rows, DateTimeOffset now, int maxDeaths)
    {
        if (rows.Record is not { } record)
            return rows.Current is null ? new Claim(1) : new Refuse("its record is gone");
        if (IsAnotherJob(message.Spec, record.Spec))
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

    private static bool IsAnotherJob(JobSpec asked, JobSpec stored) =>
        asked.Type != stored.Type
        || asked.PayloadInBlob != stored.PayloadInBlob
        || !asked.Payload.Span.SequenceEqual(stored.Payload.Span);
}
