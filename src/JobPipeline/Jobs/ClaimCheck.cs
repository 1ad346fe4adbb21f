using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>Decides which payloads travel in a blob instead of the message.</summary>
internal static class ClaimCheck
{
    /// <summary>
    /// Everything but the payload, each text at its longest and every character written as an escape of six bytes, takes
    /// less than this. Above, the written length decides.
    /// </summary>
    private const int Headroom = 24 * 1024;

    public static bool IsNeeded(JobId id, JobSpec spec) =>
        spec.Payload.Length > JobLimits.MaxMessageBytes - Headroom
        && JobMessageWriter.Write(id, JobLimits.MaxAttempts, spec).Length > JobLimits.MaxMessageBytes;
}
