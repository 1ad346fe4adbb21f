using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Pauses;

namespace JobPipeline.Limits.Local;

/// <summary>Knows which parked jobs stay where they are: those whose queue or type is paused.</summary>
internal sealed class HeldJobs(PauseRegistry pauses)
{
    public bool IsHeld(ParkedJob job) => pauses.WhyPaused(job.Queue, job.Type) is not null;
}
