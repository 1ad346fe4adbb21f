using System.Text.Json;
using JobPipeline.Enqueueing;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Http;
using JobPipeline.Http.Workflows;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Machine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>The steps of a workflow instance as shown by the API.</summary>
public abstract partial class WorkflowScenarios
{
    [Theory]
    [InlineData(""" "timeout": "1.00:00:00", """, 24)]
    [InlineData("", null)]
    public async Task View_OfAWaitingStep_NamesTheEventAndTheTimeout(string timeout, int? hours)
    {
        await using var stage = await StartStageAsync(Flow($$""" "ok": { {{timeout}} "waitFor": "approved.by:ada" } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        var step = (await ViewAsync(stage)).GetProperty("steps")[0];

        var wait = step.GetProperty("waitsFor");
        Assert.Equal(("running", "event"), (step.GetProperty("status").GetString(), wait.GetProperty("kind").GetString()));
        Assert.Equal("approved.by:ada", wait.GetProperty("event").GetString());
        Assert.Equal(hours is not null, wait.TryGetProperty("until", out _));
        if (hours is { } some)
            Assert.Equal(TimeSpan.FromHours(some), WaitOf(step));
    }

    [Fact]
    public async Task View_OfADelayAndOfABackoff_ShowsTheEnd()
    {
        await using var stage = await StartStageAsync(Flow(
            """ "rest": { "delay": "02:00:00" } """,
            Work("a", """ "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "01:00:00", "cap": "01:00:00" } } """)));
        stage.Script.Act = (_, _, _) => throw new IOException("unplugged");
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();

        var steps = (await ViewAsync(stage)).GetProperty("steps");

        var kinds = steps.EnumerateArray().Select(step => step.GetProperty("waitsFor").GetProperty("kind").GetString());
        Assert.Equal(["delay", "nextAttempt"], kinds);
        Assert.Equal([TimeSpan.FromHours(2), TimeSpan.FromHours(1)], steps.EnumerateArray().Select(WaitOf));
    }

    [Fact]
    public async Task View_OfEachStep_NamesItsLastJobAndItsCompensation()
    {
        await using var stage = await StartStageAsync(Flow(
            Work("a", Undo("a")),
            Work("b", """ "needs": ["a"], "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:10" } } """)));
        stage.Script.Act = (payload, _, _) =>
            payload.Name == "b" ? throw new IOException("unplugged") : Task.FromResult<JobOutcome<string>>("made");

        Assert.Equal(WorkflowStatus.Failed, (await stage.RunAsync()).State.Status);

        var steps = (await ViewAsync(stage)).GetProperty("steps");
        Assert.Equal(new StepRun("a", 1), await OriginAsync(stage, steps[0].GetProperty("jobId")));
        Assert.Equal("made", steps[0].GetProperty("output").GetString());
        Assert.Equal(new StepRun("b", 2), await OriginAsync(stage, steps[1].GetProperty("jobId")));
        var undo = steps[0].GetProperty("compensation");
        Assert.Equal(("succeeded", "flow.work"), (undo.GetProperty("state").GetString(), undo.GetProperty("type").GetString()));
        Assert.Equal(new StepRun("a", 1, IsCompensation: true), await OriginAsync(stage, undo.GetProperty("jobId")));
        Assert.Equal($"/api/jobs/{undo.GetProperty("jobId").GetString()}", undo.GetProperty("location").GetString());
        Assert.False(steps[1].TryGetProperty("compensation", out _));
    }

    [Fact]
    public async Task View_OfAStepKeptInARerun_NamesItsOriginalJob()
    {
        await using var stage = await StartStageAsync(Flow(Work("a"), Work("b", "\"needs\": [\"a\"]")));
        stage.Script.Act = (payload, _, _) => payload.Name == "b" && stage.Script.Starts.Count == 2
            ? throw new JobRejectedException("not today")
            : Task.FromResult<JobOutcome<string>>("done");
        Assert.Equal(WorkflowStatus.Failed, (await stage.RunAsync()).State.Status);

        Assert.True(await stage.Workflows.RerunAsync(FlowRig.Id, Token));
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        var steps = (await ViewAsync(stage)).GetProperty("steps");
        Assert.Equal(
            [new StepRun("a", 1), new StepRun("b", 1, Generation: 2)],
            [await OriginAsync(stage, steps[0].GetProperty("jobId")), await OriginAsync(stage, steps[1].GetProperty("jobId"))]);
    }

    [Fact]
    public async Task View_OfAChild_NamesItsInstance()
    {
        await using var stage = await StartStageAsync(Flow(""" "call": { "workflow": "child" } """), Named("child", null, Work("inner")));

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync()).State.Status);

        var step = (await ViewAsync(stage)).GetProperty("steps")[0];
        Assert.False(step.TryGetProperty("jobId", out _));
        Assert.Equal("child", (await stage.ReadAsync(step.GetProperty("childInstanceId").GetString()!)).Definition.Name);
    }

    [Fact]
    public async Task View_OfAFanOut_ShowsSomeCurrentItemsAndTheFailedOne()
    {
        await using var stage = await StartStageAsync(Flow("""
            "all": {
              "forEach": {
                "items": "${{ input.list }}", "maxParallel": 30, "job": "flow.work", "payload": { "name": "${{ item }}", "with": null }
              }
            }
            """));
        stage.Script.Act = (payload, _, _) =>
            payload.Name == "n7" ? throw new JobRejectedException("no good") : Task.FromResult<JobOutcome<string>>("done");
        var pauses = stage.Services.GetRequiredService<PauseRegistry>();
        await pauses.PauseAsync(PauseTarget.JobType, FlowJob.Type, "test", "a rest", Token);
        Assert.True(await stage.StartAsync(new { list = Enumerable.Range(0, 25).Select(i => $"n{i}") }));
        await stage.RunDueAsync();

        var items = (await ViewAsync(stage)).GetProperty("steps")[0].GetProperty("currentItems").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, 20), items.Select(item => item.GetProperty("item").GetInt32()));
        Assert.Equal(20, items.Select(item => item.GetProperty("jobId").GetString()).Distinct().Count());
        await pauses.ResumeAsync(PauseTarget.JobType, FlowJob.Type, "test", Token);
        Assert.Equal(WorkflowStatus.Failed, (await stage.EndAsync()).State.Status);

        var ended = (await ViewAsync(stage)).GetProperty("steps")[0];
        Assert.False(ended.TryGetProperty("currentItems", out _));
        Assert.Equal(new StepRun("all", 1, 7), await OriginAsync(stage, ended.GetProperty("jobId")));
    }

    [Fact]
    public async Task View_OfALargeOutput_ShowsItsAddress()
    {
        var large = new string('x', 10_000);
        await using var stage = await StartStageAsync(Flow(Work("big"), """
            "all": { "forEach": { "items": "${{ input.list }}", "job": "flow.work", "payload": { "name": "${{ item }}", "with": null } } }
            """));
        stage.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(payload.Name == "big" ? large : payload.Name);

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync(new { list = new[] { "x", "y" } })).State.Status);

        var steps = (await ViewAsync(stage)).GetProperty("steps");
        Assert.False(steps[0].TryGetProperty("output", out _));
        Assert.Equal($"/api/workflows/{FlowRig.Id}?step=big", steps[0].GetProperty("outputLocation").GetString());
        Assert.Equal(large, (await ViewAsync(stage, "?step=big")).GetProperty("output").GetString());
        Assert.Equal("""["x","y"]""", steps[1].GetProperty("output").GetRawText());
        Assert.Equal("""["x","y"]""", (await ViewAsync(stage, "?step=all")).GetProperty("output").GetRawText());
        Assert.Contains(
            "is not a step of the workflow instance; its steps are big, all",
            (await ViewAsync(stage, "?step=bg")).GetProperty("errors").GetProperty("step")[0].GetString(),
            StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ViewAsync(WorkflowStage stage, string query = "")
    {
        var endpoints = new WorkflowEndpoints(stage.Workflows, stage.Data, new ApiAddress(Options.Create(new ApiOptions())));
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        context.Request.QueryString = new QueryString(query);
        await (await endpoints.GetAsync(context.Request, FlowRig.Id, Token)).ExecuteAsync(context);
        return JsonElement.Parse(body.ToArray());
    }

    /// <summary>Returns the time from the start of a step to the end of its wait.</summary>
    private static TimeSpan WaitOf(JsonElement step) =>
        step.GetProperty("waitsFor").GetProperty("until").GetDateTimeOffset() - step.GetProperty("startedAt").GetDateTimeOffset();

    /// <summary>Returns the step attempt for which a job was enqueued.</summary>
    private static async Task<StepRun?> OriginAsync(WorkflowStage stage, JsonElement job)
    {
        Assert.True(JobId.TryParse(job.GetString()!, out var id));
        return (await stage.Services.GetRequiredService<JobClient>().GetAsync(id, Token)).Record?.Spec.Workflow?.Run;
    }
}
