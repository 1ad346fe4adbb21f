using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>Tests of the records that the local runner writes; the scenarios shared by all interpreters cover the steps.</summary>
public sealed class LocalWorkflowTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ForEach_FiftyItems_RunsFiveAtATimeAndCollectsInOrder()
    {
        const string each = """
            "all": { "forEach": {
              "items": "${{ input.list }}", "maxParallel": 5, "job": "flow.work",
              "payload": { "name": "${{ item }}", "with": "${{ index }}" } } }
            """;
        await using var rig = new FlowRig(Named("flow", "${{ steps.all.output }}", each));
        await rig.StartAsync(new { list = Enumerable.Range(0, 50).Select(i => $"n{i}") });
        var most = 0;
        while (await rig.Harness.RunNextAsync(Token))
            most = Math.Max(most, (await rig.StepAsync("all")).Slots.Length);

        Assert.Equal(5, most);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"n{i}"), rig.Script.Starts.OrderBy(name => int.Parse(name[1..], null)));
        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"n{i}({i})\""))}]", await rig.OutputAsync());
        Assert.Equal((50, 50), ((await rig.StepAsync("all")).Items, (await rig.StepAsync("all")).Done));
    }

    [Fact]
    public async Task Failure_OfATransientKind_IsRetriedOnlyByTheWorkflow()
    {
        await using var rig = new FlowRig(
            Flow(Work("a", """ "retry": { "maxAttempts": 3, "backoff": { "kind": "fixed", "base": "00:01:00" } } """)));
        rig.Script.Act = (_, context, _) =>
            rig.Script.Starts.Count < 3 ? throw new IOException("not yet") : Task.FromResult<JobOutcome<string>>("there");
        var began = rig.Harness.Time.GetUtcNow();

        var ended = await rig.RunAsync();

        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        Assert.Equal(3, rig.Script.Starts.Count);
        Assert.Equal(3, (await rig.StepAsync("a")).Attempts);
        Assert.Equal("\"there\"", await rig.OutputAsync("a"));
        Assert.True((await rig.StepAsync("a")).EndedAt - began >= TimeSpan.FromMinutes(1));
        Assert.Empty(await rig.Harness.GetDeadLettersAsync(Token));
    }

    [Fact]
    public async Task Message_ThatNamesAWorkflow_StartsItOnce()
    {
        await using var rig = new FlowRig(Named("flow", "${{ steps.a.output }}", Work("a", with: "\"${{ input.name }}\"")));
        var queue = (IJobQueue)rig.Harness.Services.GetService(typeof(IJobQueue))!;
        await queue.SendAsync(
            PriorityQueues.Normal, """{ "workflow": "flow", "input": { "name": "Ada" } }"""u8.ToArray(), TimeSpan.Zero, Token);

        await rig.Harness.RunUntilIdleAsync(Token);

        var instance = Assert.Single((await rig.Workflows.ListAsync(new(), null, 10, Token)).Instances);
        Assert.Equal(("flow", WorkflowStatus.Completed), (instance.Name, instance.Status));
        Assert.Equal(["a"], rig.Script.Starts);
        Assert.Equal(JobState.Succeeded, await rig.Harness.GetStateAsync(JobId.Parse(instance.Id), Token));
    }
}
