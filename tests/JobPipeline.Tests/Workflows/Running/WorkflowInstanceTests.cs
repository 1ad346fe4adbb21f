using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows.Running;

public sealed class WorkflowInstanceTests
{
    /// <summary>A caller that reads the end of an instance reads its output next, so the output must exist.</summary>
    [Fact]
    public void HasEnded_WhileItsEndIsInTheOutbox_IsFalse()
    {
        var running = WorkflowInstance.Create(
            new WorkflowBuilder("one").Job("a", "orders.step").Build(),
            "i-1",
            parent: null,
            correlationId: null,
            DateTimeOffset.UnixEpoch);
        var done = running with
        {
            State = running.State with { Status = WorkflowStatus.Completed },
            Outbox = [new WorkflowEffect.End(WorkflowStatus.Completed, null)],
        };
        Assert.False(running.HasEnded);
        Assert.False(done.HasEnded);
        Assert.True((done with { Outbox = [] }).HasEnded);
    }
}
