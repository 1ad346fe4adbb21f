using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>
/// Runs the jobs of a packed message: each has its own claim, record, outcome and follow-up, and the message is
/// acknowledged when all are recorded. A redelivered pack is split into single messages for what is unfinished, so that
/// one job that kills its worker harms no neighbour.
/// </summary>
internal sealed class PackExecutor(JobExecutor executor, FollowUps followUps, IJobStore store, IJobQueue queue, TimeProvider time, int concurrency)
{
    public async Task<ExecutionResult> ExecuteAsync(QueueDelivery delivery, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken stopping)
    {
        if (delivery.DequeueCount > 1)
            return await SplitAsync(delivery, parts);
        var results = new ExecutionResult[parts.Count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(concurrency, parts.Count)).Select(_ => WorkAsync()));
        return Array.Exists(results, result => result is null)
            ? new ExecutionResult.Deferred(time.GetUtcNow(), "the host is stopping")
            : new ExecutionResult.Unpacked(results);

        async Task WorkAsync()
        {
            while (!stopping.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < parts.Count)
                results[index] = await RunAsync(delivery, parts[index], index, stopping);
        }
    }

    /// <summary>Sends a message of its own for every job that has not ended.</summary>
    public async Task<ExecutionResult> SplitAsync(QueueDelivery delivery, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var results = new ExecutionResult[parts.Count];
        for (var i = 0; i < parts.Count; i++)
            results[i] = await SplitAsync(delivery, parts[i], i);
        return new ExecutionResult.Unpacked(results);
    }

    private async Task<ExecutionResult> RunAsync(QueueDelivery delivery, ReadOnlyMemory<byte> part, int index, CancellationToken stopping)
    {
        if (Read(delivery, part, index, stopping) is not { } job)
            return await BuryAsync(delivery, part, index);
        return await ExecuteAsync(job);
    }

    /// <summary>A job that has to wait leaves the pack, which is acknowledged.</summary>
    private async Task<ExecutionResult> ExecuteAsync(JobExecution job)
    {
        var result = await executor.ExecuteAsync(job);
        if (result.PutBackUntil is { } until)
            await SendSingleAsync(job, until);
        return result;
    }

    private async Task<ExecutionResult> SplitAsync(QueueDelivery delivery, ReadOnlyMemory<byte> part, int index)
    {
        if (Read(delivery, part, index, CancellationToken.None) is not { } job)
            return await BuryAsync(delivery, part, index);
        var rows = await store.ReadAsync(job.Id, CancellationToken.None);
        if (rows.Record is { } record && record.Status.State.IsTerminal())
        {
            job.Adopt(rows);
            return await followUps.RepeatAsync(job, record, CancellationToken.None);
        }

        if (job.Message.Id is null)
        {
            // Its single message will have an id and be taken as one of ours: what is done for foreign ones is done now.
            var turnedAway = await executor.AdmitAsync(job);
            if (turnedAway is { PutBackUntil: null })
                return turnedAway;
            if (job.Rejection is not null)
                return await ExecuteAsync(job);
        }

        await SendSingleAsync(job, time.GetUtcNow());
        return new ExecutionResult.Superseded("split from its pack");
    }

    private Task SendSingleAsync(JobExecution job, DateTimeOffset visibleAt) =>
        queue.SendAsync(job.Lane, JobMessageWriter.Write(job.Id, job.Message.Attempt, job.Spec), visibleAt - time.GetUtcNow(), CancellationToken.None);

    private static JobExecution? Read(QueueDelivery delivery, ReadOnlyMemory<byte> part, int index, CancellationToken stopping) =>
        JobMessageReader.Read(part, delivery.InsertedAt) is MessageReading.Job { Message: var message }
            ? new JobExecution(delivery, part, message, DerivedId(delivery, index), stopping)
            : null;

    private Task<ExecutionResult> BuryAsync(QueueDelivery delivery, ReadOnlyMemory<byte> part, int index)
    {
        var why = JobMessageReader.Read(part, delivery.InsertedAt) is MessageReading.Unreadable bad ? bad : new(Failures.DeadLetterReason.Unreadable, "a pack inside a pack");
        return followUps.BuryUnreadableAsync(delivery, part, DerivedId(delivery, index), why.Reason, why.Why, CancellationToken.None);
    }

    /// <summary>A part without an id of its own gets one from its place in the pack.</summary>
    private static JobId DerivedId(QueueDelivery delivery, int index) => JobId.FromDelivery($"{delivery.MessageId}#{index}", delivery.InsertedAt);
}
