using JobPipeline.Diagnostics;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Enqueueing;

/// <summary>
/// Enqueues the jobs of step attempts. Sending them again changes nothing, so the message and the record are written at the same time;
/// where this process executes the message itself, the claim inserts the record.
/// </summary>
internal sealed class StepSender(
    JobClient jobs, Enqueuer enqueuer, IJobQueue queue, IOwnDelivery own, JobMetrics metrics)
{
    /// <summary>The number of messages that the quick jobs of one turn are spread over, so that several instances can run them.</summary>
    private const int Spread = 8;

    /// <summary>The number of quick jobs that may share a message however few there are.</summary>
    private const int AlwaysTogether = 8;

    /// <summary>Prepares the message of a job, and stores its payload where a message can't hold it. Nothing is sent.</summary>
    /// <exception cref="MessageFormatException">A request is invalid.</exception>
    public async Task<StepMessage> PrepareAsync(StepJob job, CancellationToken cancellationToken)
    {
        var (name, spec) = await jobs.SpecifyStepAsync(job, cancellationToken);
        return new StepMessage(name, [(job.Id, await enqueuer.MoveLargePayloadAsync(job.Id, spec, cancellationToken))])
        {
            MayShare = jobs.MayTravelPacked(job.Request),
        };
    }

    /// <summary>
    /// Joins messages of jobs that are expected to finish quickly. Returns each message with the indexes of those that it is made of.
    /// </summary>
    public static IReadOnlyList<(StepMessage Message, IReadOnlyList<int> From)> Join(IReadOnlyList<StepMessage> messages)
    {
        var most = Math.Max(AlwaysTogether, (messages.Count + Spread - 1) / Spread);
        var packs = new JobPacker(most);
        var joined = new List<(StepMessage, IReadOnlyList<int>)>();
        for (var i = 0; i < messages.Count; i++)
        {
            var (_, spec) = messages[i].Jobs[0];
            if (!messages[i].MayShare || !packs.TryAdd(messages[i].Queue, spec, i))
                joined.Add((messages[i], [i]));
        }

        foreach (var pack in packs.Packs)
        {
            var from = pack.Jobs.ConvertAll(job => job.Index);
            joined.Add((new StepMessage(pack.Queue, [.. from.Select(i => messages[i].Jobs[0])]), from));
        }

        return joined;
    }

    /// <summary>Sends a message with the records of its jobs.</summary>
    public async Task SendAsync(StepMessage message, CancellationToken cancellationToken)
    {
        var hidden = JobMessageWriter.WriteSentHidden(message.Jobs);
        if (hidden.Length > JobLimits.MaxMessageBytes || !await own.TrySendAsync(message.Queue, hidden, cancellationToken))
        {
            var body = message.Jobs is [var (id, spec)] ? JobMessageWriter.Write(id, 1, spec) : JobMessageWriter.WritePack(message.Jobs);
            await Task.WhenAll(
                message.Jobs.Select(job => (Task)enqueuer.RecordAsync(job.Id, message.Queue, job.Spec, cancellationToken))
                    .Append(queue.SendAsync(message.Queue, body, TimeSpan.Zero, cancellationToken)));
        }

        foreach (var (_, sent) in message.Jobs)
            metrics.Enqueued(sent.Type, message.Queue);
    }
}

/// <summary>A message with the jobs of step attempts.</summary>
internal sealed record StepMessage(string Queue, IReadOnlyList<(JobId Id, JobSpec Spec)> Jobs)
{
    /// <summary>Whether its job may share a message with others.</summary>
    public bool MayShare { get; init; }
}
