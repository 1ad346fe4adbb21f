using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>A verdict that is on record, or was refused (<see cref="AttemptVerdict.Lost"/>): the input of the follow-ups.</summary>
/// <param name="Verdict">The verdict as it was recorded.</param>
/// <param name="Row">The attempt's row as it was stored last.</param>
/// <param name="Status">The job's status as it was stored; null when nothing was.</param>
internal sealed record RecordedVerdict(AttemptVerdict Verdict, Attempt Row, JobStatus? Status);
