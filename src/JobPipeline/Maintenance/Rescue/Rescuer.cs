using JobPipeline.Configuration;
using JobPipeline.Diagnostics;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JobPipeline.Maintenance.Rescue;

/// <summary>
/// Rescues the jobs of lost instances. A message may stay hidden for long (a Functions host hides it for ten minutes), so the message
/// of an attempt whose lease has expired is re-sent; the claim protocol handles the duplicate. Only one rescuer at a time holds the
/// row of an instance, so each crash yields at most one additional message per job.
/// </summary>
internal sealed class Rescuer(
    IInstanceStore instances,
    IJobStore store,
    IJobQueue queue,
    JobMetrics metrics,
    WorkerIdentity self,
    IOptions<JobPipelineOptions> pipeline,
    IOptions<InstanceOptions> options,
    ILogger<Rescuer> logger)
{
    private const int MaxParallelJobs = 8;

    /// <summary>If a rescuer dies midway, another one takes over after this time.</summary>
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _lease = pipeline.Value.Lease;
    private readonly TimeSpan _silence = options.Value.SilenceOf(pipeline.Value.Lease);

    /// <summary>
    /// The row also records which job types the instance knew, and until when; the grace period for unknown types depends on it.
    /// </summary>
    private readonly TimeSpan _keepGone = Max(options.Value.KeepGone, pipeline.Value.UnknownTypeGrace);

    private DateTimeOffset _aloneUntil;

    /// <summary>
    /// Rescues what needs it. While no other instance runs, the rows are read once per lease: an instance that started after the
    /// last read can't have lost anything before then, because its jobs are under leases that last as long.
    /// </summary>
    public async Task<RescueReport?> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var report = new RescueReport(0, 0, 0, 0);
        if (now < _aloneUntil)
            return report;
        var isAlone = true;
        foreach (var instance in await instances.ListAsync(cancellationToken))
        {
            if (instance.Name == self.Name)
                continue;
            isAlone &= IsSettled(instance);
            if (NeedsRescue(instance, now))
                report = await RescueAsync(instance, now, report, cancellationToken);
            else if (IsExpired(instance, now) && await instances.TryRemoveAsync(instance, cancellationToken))
                report = report with { Forgotten = report.Forgotten + 1 };
        }

        _aloneUntil = isAlone ? now + _lease : default;
        return report;
    }

    private static bool IsSettled(Instance instance) =>
        instance.RescuedAt is not null || (instance.StoppedAt is not null && instance.InFlight.Count == 0);

    private bool NeedsRescue(Instance instance, DateTimeOffset now) =>
        instance.RescuedAt is null
        && !(instance.RescueUntil > now)
        && (instance.StoppedAt is null ? instance.LastHeartbeatAt + _silence <= now : instance.InFlight.Count > 0);

    private bool IsExpired(Instance instance, DateTimeOffset now) =>
        (instance.RescuedAt ?? (instance.InFlight.Count == 0 ? instance.StoppedAt : null)) + _keepGone <= now;

    private async Task<RescueReport> RescueAsync(
        Instance found, DateTimeOffset now, RescueReport report, CancellationToken cancellationToken)
    {
        var held = found with { RescueUntil = now + HoldTime };
        if (await instances.TryReplaceAsync(held, cancellationToken) is not { } version)
            return report;

        var fates = new RescueFate[held.InFlight.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelJobs, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, fates.Length, parallel, async (i, token) =>
            fates[i] = await SettleAsync(held.InFlight[i], held.Name, now, token));

        var waiting = held.InFlight.Where((_, i) => fates[i] == RescueFate.Wait).ToList();
        var settled = held with { Version = version, InFlight = waiting, RescueUntil = null, RescuedAt = waiting.Count == 0 ? now : null };
        var isSettled = await instances.TryReplaceAsync(settled, cancellationToken) is not null && waiting.Count == 0;
        var resent = fates.Count(fate => fate == RescueFate.Resend);
        metrics.Rescued(resent);
        return report with
        {
            Lost = report.Lost + (isSettled ? CountLost(held) : 0),
            Resent = report.Resent + resent,
            Waiting = report.Waiting + waiting.Count,
        };
    }

    /// <summary>Rescues one job if needed. After a failure, the next run checks it again.</summary>
    private async Task<RescueFate> SettleAsync(InFlightJob job, string instance, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await store.ReadAsync(job.Job, cancellationToken);
            var fate = RescueDecision.For(job, rows, instance, now);
            if (fate == RescueFate.Resend)
            {
                var message = JobMessageWriter.Write(job.Job, job.Attempt, rows.Record!.Spec);
                await queue.SendAsync(job.Queue, message, TimeSpan.Zero, cancellationToken);
                MaintenanceLog.Resent(logger, job.Job, rows.Record.Spec.Type, job.Attempt, instance);
            }

            return fate;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            MaintenanceLog.Failed(logger, e, $"rescue of job {job.Job}");
            return RescueFate.Wait;
        }
    }

    private int CountLost(Instance instance)
    {
        if (instance.StoppedAt is not null)
            return 0;
        metrics.InstanceLost(instance.Kind);
        MaintenanceLog.Lost(logger, instance.Name, instance.Kind, instance.LastHeartbeatAt, instance.InFlightCount);
        return 1;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
