namespace JobPipeline.Limits;

/// <summary>
/// The right to start one job, held from admission until the outcome is on record. It is completed once or returned once, never both.
/// Neither call may throw: at that point nothing can be done about it, so a gate that stores its permits retries by itself.
/// </summary>
internal interface IStartPermit
{
    /// <summary>The handler ran and its outcome is on record, or was refused.</summary>
    ValueTask CompleteAsync(PermitOutcome outcome);

    /// <summary>The claim was not won, or ended the job: no handler started.</summary>
    ValueTask ReturnAsync();
}
