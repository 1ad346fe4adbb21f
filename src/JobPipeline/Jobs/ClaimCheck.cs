using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>Decides which payloads are stored in a blob instead of being sent in the message.</summary>
internal static class ClaimCheck
{
    /// <summary>
    /// An upper bound, in bytes, on the size of everything but the payload: each text at its maximum length, with every character
    /// escaped to six bytes. Larger messages are decided by their written length.
    /// </summary>
    private const int Headroom = 24 * 1024;

    public static bool IsNeeded(JobId id, JobSpec spec) =>
        spec.Payload.Length > JobLimits.MaxMessageBytes - Headroom
        && JobMessageWriter.Write(id, JobLimits.MaxAttempts, spec).Length > JobLimits.MaxMessageBytes;
}
