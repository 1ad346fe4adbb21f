using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution;

/// <summary>
/// Runs the jobs of a packed message: each has its own claim, record, outcome and follow-up, and the message is
/// acknowledged when all are recorded. A redelivered pack is split into single messages for what is unfinished, so that
/// one job that kills its worker harms no neighbour. On a host that can't hide a message the pack never comes back: a
/// part that can't be run now, or whose run could not be brought to a recorded end, goes on in a message of its own.
/// </summary>
internal sealed class PackExecutor(JobExecutor executor, FollowUps followUps, MessageResender successors, IJobStore store, WaitingMessages waiting, TimeProvider time, int concurrency)
{
    public async Task<DeliveryResult> ExecuteAsync(QueueDelivery delivery, IReadOnlyList<ReadOnlyMemory<byte>> parts, DeliveryTerms terms)
    {
        if (delivery.DequeueCount > 1)
            return await SplitAsync(delivery, parts, terms);
        var results = new DeliveryResult[parts.Count];
        var next = -1;
        using var span = JobTracing.StartReceive(delivery, parts);
        using var wait = waiting.Enter(delivery);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(concurrency, parts.Count)).Select(_ => WorkAsync()));
        return Array.Exists(results, result => result is null)
            ? new DeliveryResult.Deferred(time.GetUtcNow(), DeferralReason.HostStopping, "the host is stopping")
            : new DeliveryResult.Unpacked(results);

        async Task WorkAsync()
        {
            while ((terms.Replaces || !terms.Stopping.IsCancellationRequested) && Interlocked.Increment(ref next) is var index && index < parts.Count)
                results[index] = await GuardAsync(delivery, parts[index], index, terms, RunAsync);
            // None is left to be begun.
            wait.Dispose();
        }
    }

    /// <summary>Sends a message of its own for every job that has not ended.</summary>
    public async Task<DeliveryResult> SplitAsync(QueueDelivery delivery, IReadOnlyList<ReadOnlyMemory<byte>> parts, DeliveryTerms terms)
    {
        var results = new DeliveryResult[parts.Count];
        for (var i = 0; i < parts.Count; i++)
            results[i] = await GuardAsync(delivery, parts[i], i, terms, SplitAsync);
        return new DeliveryResult.Unpacked(results);
    }

    private async Task<DeliveryResult> GuardAsync(
        QueueDelivery delivery, ReadOnlyMemory<byte> part, int index, DeliveryTerms terms, Func<JobExecution, Task<DeliveryResult>> act)
    {
        var job = Read(delivery, part, index, terms);
        try
        {
            return job is null ? await BuryAsync(delivery, part, index) : await act(job);
        }
        catch (Exception e) when (terms.Replaces)
        {
            return job is null
                ? await successors.AfterFailureAsync(delivery, JobLanes.Of(delivery.Queue), part, e)
                : await successors.AfterFailureAsync(job, e);
        }
    }

    private async Task<DeliveryResult> RunAsync(JobExecution job)
    {
        var result = await executor.ExecuteAsync(job);
        if (result.PutBackUntil is { } until)
            await followUps.SendAttemptAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return result;
    }

    private async Task<DeliveryResult> SplitAsync(JobExecution job)
    {
        var rows = await store.ReadAsync(job.Id, CancellationToken.None);
        if (rows.Record is { } record && record.Status.State.IsTerminal())
        {
            job.Adopt(rows);
            // In a message of its own it can be left to an instance that knows its type.
            if (!executor.Knows(job) && await followUps.LacksLetterAsync(job, record, CancellationToken.None))
            {
                await followUps.SendAttemptAsync(job, job.Message.Attempt, time.GetUtcNow(), CancellationToken.None);
                return new DeliveryResult.Superseded("split from its pack");
            }

            return await followUps.RepeatAsync(job, record, CancellationToken.None);
        }

        if (!job.IsAdmitted)
        {
            // Its single message will have an id and be taken as one of ours: what is done for foreign ones is done now.
            var turnedAway = await executor.AdmitAsync(job);
            if (turnedAway is { PutBackUntil: null })
                return turnedAway;
            if (job.Rejection is not null)
                return await RunAsync(job);
        }

        await followUps.SendAttemptAsync(job, job.Message.Attempt, time.GetUtcNow(), CancellationToken.None);
        return new DeliveryResult.Superseded("split from its pack");
    }

    private static JobExecution? Read(QueueDelivery delivery, ReadOnlyMemory<byte> part, int index, DeliveryTerms terms) =>
        JobMessageReader.Read(part, delivery.InsertedAt) is MessageReading.Job { Message: var message }
            ? new JobExecution(delivery, part, message, index, terms.Stopping) { EndBy = terms.EndBy, IsPart = true }
            : null;

    private Task<DeliveryResult> BuryAsync(QueueDelivery delivery, ReadOnlyMemory<byte> part, int index)
    {
        var why = JobMessageReader.Read(part, delivery.InsertedAt) is MessageReading.Unreadable bad ? bad : new(DeadLetterReason.Unreadable, "a pack inside a pack");
        return followUps.BuryUnreadableAsync(delivery, part, delivery.DerivedIdOf(index), why.Reason, why.Why, CancellationToken.None);
    }
}
