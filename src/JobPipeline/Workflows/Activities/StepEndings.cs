using JobPipeline.Execution;
using JobPipeline.Jobs;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Passes the ending of a step's job to the activity that runs it, in the same process and call, so that the activity need not
/// read the record that was just written.
/// </summary>
internal sealed class StepEndings : IWorkflowSignals
{
    private readonly AsyncLocal<Awaited?> _awaited = new();

    /// <summary>Awaits the ending of a job that the caller executes next. The result holds it as soon as it is recorded.</summary>
    public Awaited Await(JobId job) => _awaited.Value = new Awaited(job);

    public Task NotifyAsync(
        JobId job, WorkflowOrigin origin, JobStatus ended, bool isRepeated, CancellationToken cancellationToken)
    {
        if (_awaited.Value is { } awaited && awaited.Job == job)
            awaited.Ended = ended;
        return Task.CompletedTask;
    }

    internal sealed class Awaited(JobId job)
    {
        public JobId Job { get; } = job;

        /// <summary>How the job ended; null if it has not, or if another call has recorded it.</summary>
        public JobStatus? Ended { get; set; }
    }
}
