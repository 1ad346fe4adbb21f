namespace JobPipeline.Workflows.Instances;

/// <summary>What keeps an instance from getting on, and when it is tried again.</summary>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Since">When it was tried first.</param>
/// <param name="RetryAt">When it is tried again.</param>
/// <param name="Error">What went wrong at the last try, for people.</param>
/// <param name="Message">The queue message that could not be applied; null: something of the outbox could not be carried out.</param>
public sealed record WorkflowStall(int Tries, DateTimeOffset Since, DateTimeOffset RetryAt, string Error, string? Message = null)
{
    private const int MaxErrorChars = 300;

    /// <summary>After so many tries it is more than a hiccup, and shown.</summary>
    private const int LastingTries = 3;

    /// <summary>True once it is more than a hiccup.</summary>
    public bool IsLasting => Tries >= LastingTries;

    /// <summary>After one more try that failed.</summary>
    internal static WorkflowStall After(WorkflowStall? before, string error, string? message, DateTimeOffset now)
    {
        var tries = (before?.Tries ?? 0) + 1;
        var shown = error.Length > MaxErrorChars ? error[..MaxErrorChars] : error;
        return new WorkflowStall(tries, before?.Since ?? now, now + Perseverance.PauseAfter(tries), shown, message);
    }
}
