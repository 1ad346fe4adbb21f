using JobPipeline.Failures.Fingerprints;
using JobPipeline.Jobs;

namespace JobPipeline.Execution.Verdicts;

/// <summary>Assigns errors to their groups when they are created, before their text is trimmed.</summary>
internal static class ErrorGrouping
{
    public static AttemptError Grouped(this AttemptError error, JobExecution job) => error.Grouped(job.Descriptor?.Type);

    /// <param name="error">The error.</param>
    /// <param name="jobType">Null for a type without a handler here, since senders can invent types.</param>
    public static AttemptError Grouped(this AttemptError error, string? jobType) =>
        error with { Group = ErrorFingerprint.Of(jobType, error.Type, error.Message, error.Stack) };
}
