using JobPipeline.Execution;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Execution;

public sealed class HandlerChaosTests
{
    [Theory]
    [InlineData("true", "1", JobState.Retrying, 0)]
    [InlineData("true", "0", JobState.Succeeded, 1)]
    [InlineData("false", "1", JobState.Succeeded, 1)]
    public async Task Deliver_WithAHandlerFaultRate_FailsInsteadOfTheHandlerWhenEnabled(
        string enabled,
        string rate,
        JobState state,
        int starts)
    {
        await using var pipeline = TestPipeline.With(("JobPipeline:Chaos:Enabled", enabled), ("JobPipeline:Chaos:HandlerFaultRate", rate));
        var id = await pipeline.EnqueueAsync();

        await pipeline.DeliverAsync();

        var rows = await pipeline.RowsAsync(id);
        Assert.Equal((state, starts), (rows.Record!.Status.State, pipeline.Script.Starts.Count));
        Assert.Equal(state == JobState.Retrying ? typeof(ChaosFaultException).FullName : null, rows.Current!.Error?.Type);
    }
}
