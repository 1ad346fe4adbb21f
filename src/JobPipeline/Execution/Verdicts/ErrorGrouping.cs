using JobPipeline.Failures.Fingerprints;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>Puts errors into their groups as they are made, while their text is whole.</summary>
internal static class ErrorGrouping
{
    public static AttemptError Grouped(this AttemptError error, JobExecution job) => error.Grouped(job.Descriptor?.Type);

    /// <param name="error">The error.</param>
    /// <param name="jobType">Null for a type that nobody has registered: senders write what they like.</param>
    public static AttemptError Grouped(this AttemptError error, string? jobType) =>
        error with { Group = ErrorFingerprint.Of(jobType, error.Type, error.Message, error.Stack) };
}
