using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Workflows.Running;

public sealed class WorkflowLogTests
{
    [Theory]
    [InlineData(WorkflowStatus.Completed, null, LogLevel.Information, "Workflow one (orders) completed")]
    [InlineData(WorkflowStatus.Failed, "step 'a' failed: no", LogLevel.Error, "Workflow one (orders) failed: step 'a' failed: no")]
    [InlineData(WorkflowStatus.Failed, null, LogLevel.Error, "Workflow one (orders) failed: no reason was given")]
    [InlineData(WorkflowStatus.Cancelled, "had enough", LogLevel.Information, "Workflow one (orders) was cancelled: had enough")]
    [InlineData(WorkflowStatus.Terminated, "", LogLevel.Information, "Workflow one (orders) was terminated: no reason was given")]
    public void Ended_WithEachStatus_IsLoggedAtItsLevel(WorkflowStatus status, string? reason, LogLevel level, string text)
    {
        var log = new CapturedLog();

        WorkflowLog.Ended(new CapturedLogger<WorkflowLogTests>(log), "one", "orders", status, reason);

        var entry = Assert.Single(log.Entries);
        Assert.Equal(level, entry.Level);
        Assert.StartsWith(text, entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("(null)", entry.Text, StringComparison.Ordinal);
        Assert.InRange(entry.Event.Id, 1600, 1699);
    }
}
