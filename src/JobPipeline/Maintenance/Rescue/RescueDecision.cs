using JobPipeline.Instances;
using JobPipeline.Jobs;

namespace JobPipeline.Maintenance.Rescue;

/// <summary>What to do about a job that was in flight on a lost instance.</summary>
internal enum RescueFate
{
    /// <summary>Nothing: it ended, moved on, or is claimed by another worker.</summary>
    Leave,

    /// <summary>Check again later: its lease has not expired, so it can't be claimed yet.</summary>
    Wait,

    /// <summary>Re-send its message: its attempt is abandoned.</summary>
    Resend,
}

/// <summary>
/// Decides by the job's rows. Only an attempt that the lost instance still holds is re-sent: after any recorded verdict, the next
/// message was already sent, or is sent when the old message reappears.
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
