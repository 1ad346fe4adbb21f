using JobPipeline.Execution.Verdicts;

namespace JobPipeline.Execution.Claims;

/// <summary>The result of the claim step: a closed set.</summary>
internal abstract record ClaimResult
{
    private ClaimResult()
    {
    }

    /// <summary>This worker holds the attempt: run the handler.</summary>
    public sealed record Held(JobClaim Claim) : ClaimResult;

    /// <summary>The claim ended or released the attempt in its own transaction; only follow-ups remain.</summary>
    public sealed record Ended(RecordedVerdict Recorded) : ClaimResult;

    /// <summary>This delivery must not run the attempt.</summary>
    public sealed record TurnedAway(DeliveryResult Result) : ClaimResult;
}
