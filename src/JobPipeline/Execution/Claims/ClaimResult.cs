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

    /// <summary>The claim ended the attempt, or gave it back, in its own transaction: follow up.</summary>
    public sealed record Ended(RecordedVerdict Recorded) : ClaimResult;

    /// <summary>The attempt is not this delivery's to run.</summary>
    public sealed record TurnedAway(DeliveryResult Result) : ClaimResult;
}
