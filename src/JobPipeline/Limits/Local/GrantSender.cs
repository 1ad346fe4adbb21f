using System.Collections.Concurrent;
using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using JobPipeline.Limits.Lots;
using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Local;

/// <summary>
/// Sends the messages of jobs that a gate lets start, on a queue of their own: they must not wait behind others while capacity is
/// reserved for them. It remembers their rows, so that a job that starts here need not read its row first.
/// </summary>
internal sealed class GrantSender(IJobQueue queue, IOwnDelivery own, TimeProvider time)
{
    /// <summary>
    /// More are forgotten, with all before them: those whose message another process received. Their rows are read.
    /// </summary>
    private const int MaxRemembered = 1024;

    private readonly ConcurrentDictionary<(string Gate, JobId Job), ParkedJob> _granted = new();

    /// <summary>Sends the message of a job.</summary>
    /// <param name="gate">The gate that granted it.</param>
    /// <param name="row">Its row as it is stored.</param>
    /// <param name="at">When the message should arrive.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task SendAsync(GateId gate, ParkedJob row, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_granted.Count >= MaxRemembered)
            _granted.Clear();
        _granted[(gate.Partition, row.Job)] = row;
        var delay = at - time.GetUtcNow();
        if (delay > TimeSpan.Zero || !await own.TrySendAsync(PriorityQueues.Ready, row.Body, cancellationToken))
            await queue.SendAsync(PriorityQueues.Ready, row.Body, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Returns the row of a job whose message this process sent, once; null if it is not remembered.</summary>
    public ParkedJob? Take(GateId gate, JobId job) => _granted.TryRemove((gate.Partition, job), out var row) ? row : null;
}
