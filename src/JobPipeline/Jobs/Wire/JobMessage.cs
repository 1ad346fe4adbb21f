namespace JobPipeline.Jobs.Wire;

/// <summary>
/// One job as it travels on a queue. <paramref name="Id"/> and <paramref name="Attempt"/> are hints: senders can forge
/// them, so the claim protocol checks both against the stored rows before it believes them.
/// </summary>
/// <param name="Id">The job, when the pipeline wrote the message; null when a foreign producer did.</param>
/// <param name="Attempt">The attempt it asks for, from 1; 1 when the message does not say.</param>
/// <param name="Spec">What is asked for.</param>
public sealed record JobMessage(JobId? Id, int Attempt, JobSpec Spec)
{
    /// <summary>
    /// True for an envelope of ours around a foreign message that could not be admitted yet: its unique key is still to be
    /// reserved. To forge it achieves nothing that a message without an id would not.
    /// </summary>
    public bool IsUnadmitted { get; init; }

    /// <summary>True when what is done once for foreign messages has not been done.</summary>
    public bool NeedsAdmission => Id is null || IsUnadmitted;
}
