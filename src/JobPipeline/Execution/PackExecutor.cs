using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution;

/// <summary>
/// Runs the jobs of a packed message: each has its own claim, record, outcome and follow-up, and the message is
/// acknowledged when all are recorded. A redelivered pack is split into single messages for what is unfinished, so that
/// one job that kills its worker harms no other. On a host that can't hide a message the pack never comes back: a
/// part that can't run now, or whose run did not reach a recorded end, is sent in a message of its own.
/// </summary>
internal sealed class PackExecutor(
    JobExecutor executor,
    FollowUps followUps,
    AttemptSender sender,
    DeadLetterWriter deadLetters,
    MessageResender resender,
    IJobStore store,
    WaitingMessages waiting,
    TimeProvider time,
    int concurrency)
{
    public async Task<DeliveryResult> ExecuteAsync(QueueDelivery delivery, MessageReading.Pack pack, DeliveryTerms terms)
    {
        if (delivery.IsRepeated(pack.IsSentHidden))
            return await SplitAsync(delivery, pack, terms);
        var parts = Read(delivery, pack.Parts, terms);
        var results = new DeliveryResult[parts.Length];
        var next = -1;
        using var span = JobTracing.StartReceive(delivery, parts.Length, parts.Select(part => part.Job?.Spec.TraceParent));
        using var wait = waiting.Enter(delivery);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(concurrency, parts.Length)).Select(_ => WorkAsync()));
        return Array.Exists(results, result => result is null)
            ? new DeliveryResult.Deferred(time.GetUtcNow(), DeferralReason.HostStopping, "the host is stopping")
            : new DeliveryResult.Unpacked(results);

        async Task WorkAsync()
        {
            while ((terms.AcknowledgesOnReturn || !terms.Stopping.IsCancellationRequested)
                && Interlocked.Increment(ref next) is var index && index < parts.Length)
            {
                results[index] = await GuardAsync(parts[index], terms, RunAsync);
            }

            // All parts have started.
            wait.Dispose();
        }
    }

    /// <summary>Sends a message of its own for every job that has not ended.</summary>
    public async Task<DeliveryResult> SplitAsync(QueueDelivery delivery, MessageReading.Pack pack, DeliveryTerms terms)
    {
        // No handler starts here, so neither a host's stop nor its time limit matters.
        var parts = Read(delivery, pack.Parts, terms with { Stopping = CancellationToken.None, EndBy = null });
        var results = new DeliveryResult[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            results[i] = await GuardAsync(parts[i], terms, SplitAsync);
        return new DeliveryResult.Unpacked(results);
    }

    private async Task<DeliveryResult> GuardAsync(PackPart part, DeliveryTerms terms, Func<JobExecution, Task<DeliveryResult>> act)
    {
        try
        {
            return part.Job is { } job ? await act(job) : await WriteUnreadableAsync(part);
        }
        catch (Exception e) when (terms.AcknowledgesOnReturn)
        {
            return part.Job is { } job
                ? await resender.AfterFailureAsync(job, e)
                : await resender.AfterFailureAsync(part.Delivery, PriorityQueues.Of(part.Delivery.Queue), part.Body, e);
        }
    }

    private async Task<DeliveryResult> RunAsync(JobExecution job)
    {
        var result = await executor.ExecuteAsync(job);
        if (result.PutBackUntil is { } until)
            await sender.SendAsync(job, job.Message.Attempt, until, CancellationToken.None);
        return result;
    }

    private async Task<DeliveryResult> SplitAsync(JobExecution job)
    {
        var rows = await store.ReadAsync(job.Id, CancellationToken.None);
        if (rows.Record is { } record && record.Status.State.IsTerminal())
        {
            job.Adopt(rows);
            // In a message of its own it can be left to an instance that knows its type.
            return !executor.Knows(job) && await deadLetters.IsMissingAsync(job, record, CancellationToken.None)
                ? await SendAloneAsync(job)
                : await followUps.RepeatAsync(job, record, CancellationToken.None);
        }

        if (!job.IsAdmitted)
        {
            // Its single message will have an id, like one of ours, so the one-time steps for foreign messages are done now.
            if (await executor.AdmitOnlyAsync(job) is { PutBackUntil: null } duplicate)
                return duplicate;
            if (job.Rejection is not null)
                return await RunAsync(job);
        }

        return await SendAloneAsync(job);
    }

    private async Task<DeliveryResult> SendAloneAsync(JobExecution job)
    {
        await sender.SendAsync(job, job.Message.Attempt, time.GetUtcNow(), CancellationToken.None);
        return new DeliveryResult.Superseded("split from its pack");
    }

    private static PackPart[] Read(QueueDelivery delivery, IReadOnlyList<ReadOnlyMemory<byte>> bodies, DeliveryTerms terms) =>
        [.. bodies.Select((body, index) => PackPart.Read(delivery, body, index, terms))];

    private Task<DeliveryResult> WriteUnreadableAsync(PackPart part)
    {
        var (reason, why) = part.Unreadable!;
        return deadLetters.WriteUnreadableAsync(
            part.Delivery, part.Body, part.Delivery.DerivedIdOf(part.Index), reason, why, CancellationToken.None);
    }
}
