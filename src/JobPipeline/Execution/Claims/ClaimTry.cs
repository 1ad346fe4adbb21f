using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Claims;

/// <summary>The last request to claim. If its response is lost, the claim is recognised later by its id.</summary>
/// <param name="Verdict">The verdict that it records; null when it claims to run.</param>
/// <param name="Status">The job's status that it stores.</param>
internal sealed record ClaimTry(AttemptVerdict? Verdict, JobStatus Status);
