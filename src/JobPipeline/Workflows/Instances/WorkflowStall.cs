namespace JobPipeline.Workflows.Instances;

/// <summary>What keeps a workflow instance from making progress, and when it is retried.</summary>
/// <param name="Tries">The number of tries.</param>
/// <param name="Since">When it was first tried.</param>
/// <param name="RetryAt">When it is retried.</param>
/// <param name="Error">The error message of the last try.</param>
/// <param name="Message">
/// The id of the queue message that could not be applied; null if an effect in the outbox could not be carried out.
/// </param>
internal sealed record WorkflowStall(int Tries, DateTimeOffset Since, DateTimeOffset RetryAt, string Error, string? Message = null)
{
    private const int MaxErrorChars = 300;

    /// <summary>The number of tries from which the stall is reported, because it is not just brief.</summary>
    private const int LastingTries = 3;

    /// <summary>Whether the stall is reported, because it is not just brief.</summary>
    public bool IsLasting => Tries >= LastingTries;

    /// <summary>Returns the stall after one more failed try.</summary>
    internal static WorkflowStall After(WorkflowStall? before, string error, string? message, DateTimeOffset now)
    {
        var tries = (before?.Tries ?? 0) + 1;
        var shown = error.Length > MaxErrorChars ? error[..MaxErrorChars] : error;
        return new WorkflowStall(tries, before?.Since ?? now, now + RetryLimits.PauseAfter(tries), shown, message);
    }
}
