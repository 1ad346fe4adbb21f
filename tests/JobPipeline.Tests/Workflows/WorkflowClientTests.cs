using JobPipeline.Hosting;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Workflows;

public sealed class WorkflowClientTests : IAsyncDisposable
{
    private readonly JobTestHarness _harness = new(new JobTestHarnessOptions
    {
        ConfigureServices = static services => services.AddWorkflow(
            new WorkflowBuilder("rest").WaitFor("approval", "approved", step: step => step.Timeout(TimeSpan.FromDays(1))).Build()),
    });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OfAnUnknownWorkflow_ThrowsWithTheNearestName()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => _harness.Workflows.StartAsync("rset", 1, cancellationToken: Token));

        Assert.Contains("workflow 'rset' does not exist; did you mean 'rest'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnInvalidId_ThrowsAndStartsNothing()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _harness.Workflows.StartAsync("rest", 1, "a/b", Token));

        Assert.Null(await _harness.Workflows.GetAsync("a/b", Token));
    }

    [Fact]
    public async Task Start_WithAnExistingId_HasNoEffect()
    {
        Assert.Equal("one", await _harness.Workflows.StartAsync("rest", 1, "one", Token));
        Assert.True(await _harness.Workflows.CancelAsync("one", "not needed", Token));
        await _harness.RunUntilIdleAsync(Token);

        Assert.Equal("one", await _harness.Workflows.StartAsync("rest", 2, "one", Token));
        await _harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Cancelled, (await _harness.Workflows.GetAsync("one", Token))!.Status);
    }

    [Fact]
    public async Task Cancel_OfARunningInstance_EndsItWithTheReason()
    {
        var id = await _harness.Workflows.StartAsync("rest", 1, cancellationToken: Token);

        Assert.True(await _harness.Workflows.CancelAsync(id, "not needed", Token));
        await _harness.RunUntilIdleAsync(Token);

        var run = (await _harness.Workflows.GetAsync(id, Token))!;
        Assert.Equal(("rest", WorkflowStatus.Cancelled, "not needed"), (run.Workflow, run.Status, run.Reason));
        Assert.Equal(StepStatus.Cancelled, run.Steps["approval"]);
        Assert.Equal(0, await _harness.Workflows.GetOutputAsync<int>(id, Token));
    }

    [Fact]
    public async Task EveryRequest_ToAnUnknownInstance_IsRejected()
    {
        Assert.False(await _harness.Workflows.CancelAsync("none", "not needed", Token));
        Assert.False(await _harness.Workflows.RaiseEventAsync("none", "approved", 1, Token));
        Assert.Null(await _harness.Workflows.GetAsync("none", Token));
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();
}
