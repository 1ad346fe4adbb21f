using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Rescue;

/// <summary>What to do about a job that an instance, now gone, had in hand.</summary>
internal enum RescueFate
{
    /// <summary>It ended, moved on, or is in somebody else's hands.</summary>
    Leave,

    /// <summary>Its lease has yet to run out: nobody could claim it now.</summary>
    Wait,

    /// <summary>Its attempt lies idle: send its message again.</summary>
    Resend,
}

/// <summary>
/// Judges by the job's rows. Only an attempt that the dead instance still holds is sent again: after any recorded outcome
/// what follows was sent, or is when the old message comes back.
/// </summary>
internal static class RescueDecision
{
    public static RescueFate For(InFlightJob job, JobSnapshot rows, string instance, DateTimeOffset now)
    {
        if (rows.Record is not { } record || record.Status.State.IsTerminal())
            return RescueFate.Leave;
        if (rows.Current is not { State: AttemptState.Running } current || current.Number != job.Attempt || current.Owner != instance)
            return RescueFate.Leave;
        return current.LeaseUntil > now ? RescueFate.Wait : RescueFate.Resend;
    }
}
