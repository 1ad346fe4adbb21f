using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution;

/// <summary>Sends the messages of attempts, and re-sends messages unchanged.</summary>
internal sealed class AttemptSender(IJobQueue queue, TimeProvider time)
{
    /// <summary>Sends the message of an attempt to the job's queue. A job that is not admitted yet stays so.</summary>
    public Task SendAsync(JobExecution job, int attempt, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var body = job.IsAdmitted ? JobMessageWriter.Write(job.Id, attempt, job.Spec) : JobMessageWriter.WriteUnadmitted(job.Id, job.Spec);
        return SendAsync(job.Queue, body, dueAt, cancellationToken);
    }

    public Task SendAsync(string name, ReadOnlyMemory<byte> body, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var delay = dueAt - time.GetUtcNow();
        return queue.SendAsync(name, body, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, cancellationToken);
    }
}
