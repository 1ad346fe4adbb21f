using JobPipeline.BuiltIn;
using JobPipeline.Hosting;
using JobPipeline.Samples.Workflow;
using JobPipeline.Testing;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Samples.TestingJobs;

/// <summary>Tests a workflow in virtual time: a day of waiting takes no time.</summary>
public sealed class OrderWorkflowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order_Approved_IsCharged()
    {
        await using var harness = Harness();

        var id = await harness.StartWorkflowAsync("order", new { amount = 120 }, cancellationToken: Token);
        Assert.True(await harness.Workflows.RaiseEventAsync(id, "approved", new { by = "Ada" }, Token));
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(WorkflowStatus.Completed, (await harness.Workflows.GetAsync(id, Token))!.Status);
        Assert.Equal("charged 120", await harness.Workflows.GetOutputAsync<string>(id, Token));
    }

    [Fact]
    public async Task Order_NotApprovedWithinADay_ReleasesTheReservation()
    {
        await using var harness = Harness();

        var id = await harness.StartWorkflowAsync("order", new { amount = 120 }, cancellationToken: Token);
        await harness.RunUntilIdleAsync(Token);

        var run = (await harness.Workflows.GetAsync(id, Token))!;
        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal(StepStatus.Compensated, run.Steps["reserve"]);
        Assert.Equal(StepStatus.Skipped, run.Steps["charge"]);
    }

    private static JobTestHarness Harness() => new(new JobTestHarnessOptions
    {
        // The built-in jobs bring JMESPath, the language of expressions such as ${{ input.amount }}.
        Assemblies = [typeof(ReserveJob).Assembly, typeof(BuiltInServices).Assembly],
        ConfigureServices = services => services
            .AddBuiltInJobs(new ConfigurationBuilder().Build())
            .AddWorkflow(OrderWorkflow.Definition),
    });
}
