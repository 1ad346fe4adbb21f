namespace JobPipeline.Jobs.Wire;

/// <summary>
/// A job's message on a queue. <paramref name="Id"/> and <paramref name="Attempt"/> are hints: senders can forge them, so the
/// claim protocol verifies both against the stored rows.
/// </summary>
/// <param name="Id">The job, when the pipeline wrote the message; null for a foreign producer's message.</param>
/// <param name="Attempt">The requested attempt, counted from 1; 1 when the message does not specify it.</param>
/// <param name="Spec">The job's spec.</param>
internal sealed record JobMessage(JobId? Id, int Attempt, JobSpec Spec)
{
    /// <summary>
    /// Whether this is the pipeline's envelope around a foreign message that could not be admitted yet: its unique key is still
    /// to be reserved. Forging it gains a sender nothing over a message without an id.
    /// </summary>
    public bool IsUnadmitted { get; init; }

    /// <summary>The gates that let the job start; null for a message that no gate sent.</summary>
    public ReadyMark? Ready { get; init; }

    /// <summary>
    /// Whether the process that sent the message had it first (<see cref="IJobQueueReceiver.SendHeldAsync"/>), so that a receipt is a
    /// redelivery although the service counts it as the first. Forging it only makes a receiver read the rows first.
    /// </summary>
    public bool IsSentHidden { get; init; }

    /// <summary>Whether the one-time admission of a foreign message is still to be done.</summary>
    public bool NeedsAdmission => Id is null || IsUnadmitted;
}
