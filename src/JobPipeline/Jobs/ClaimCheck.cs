namespace JobPipeline.Jobs;

/// <summary>Decides which payloads travel in a blob instead of the message.</summary>
internal static class ClaimCheck
{
    /// <summary>Everything but the payload stays well below this in ordinary messages; above, the written length decides.</summary>
    private const int Headroom = 8 * 1024;

    public static bool IsNeeded(JobId id, JobSpec spec) =>
        spec.Payload.Length > JobLimits.MaxMessageBytes - Headroom
        && JobMessageWriter.Write(id, JobLimits.MaxAttempts, spec).Length > JobLimits.MaxMessageBytes;
}
