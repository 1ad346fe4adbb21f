using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>Like <see cref="FlowJob"/>, of a type that is expected to be quick.</summary>
[Job(Type, MaxAttempts = 5, Timeout = "00:05:00", ExpectedDuration = "00:00:00.020")]
internal sealed class QuickFlowJob(FlowScript script) : IJobHandler<FlowPayload, string>
{
    public const string Type = "flow.quick";

    public Task<JobOutcome<string>> HandleAsync(FlowPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        lock (script.Starts)
            script.Starts.Add(payload.Name);
        return script.Act(payload, context, cancellationToken);
    }
}
