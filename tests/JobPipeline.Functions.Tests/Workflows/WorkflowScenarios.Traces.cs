using System.Collections.Concurrent;
using System.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Tests.Rig;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>The traces of step spans, regardless of the ambient trace of the host.</summary>
public abstract partial class WorkflowScenarios
{
    private const string Attempt = "process flow.work";

    [Fact]
    public async Task Attempts_OfEveryKind_AreInTheTraceOfTheStart()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var stage = await StartStageAsync(
            Flow(
                Work("a", Undo("a")),
                """ "ok": { "needs": ["a"], "waitFor": "approved" } """,
                """
                "all": {
                  "needs": ["ok"],
                  "forEach": { "items": "${{ input.list }}", "job": "flow.work", "payload": { "name": "${{ item }}", "with": null } }
                }
                """,
                """ "call": { "needs": ["all"], "workflow": "child" } """,
                Work("last", "\"needs\": [\"call\"]")),
            Named("child", null, Work("inner")));
        stage.Script.Act = (payload, _, _) => payload.Name == "last" && stage.Script.Starts.Count(name => name == "last") == 1
            ? throw new JobRejectedException("not today")
            : Task.FromResult<JobOutcome<string>>("done");
        ActivityTraceId start, raiser;
        using (var caller = Begin())
        {
            start = caller.TraceId;
            Assert.True(await stage.StartAsync(new { list = new[] { "x", "y" } }));
        }

        await stage.RunDueAsync();
        using (var caller = Begin())
        {
            raiser = caller.TraceId;
            Assert.Equal(RaiseOutcome.Accepted, await stage.Workflows.RaiseAsync(FlowRig.Id, "approved", default, Token));
        }

        Assert.Equal(WorkflowStatus.Failed, (await stage.EndAsync()).State.Status);
        using (Begin())
            Assert.True(await stage.Workflows.RerunAsync(FlowRig.Id, Token));
        await stage.RunDueAsync();
        await stage.RaiseAsync("approved");
        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        Assert.Contains("undo a", stage.Script.Starts);
        var ours = spans.Where(span => span.TraceId == start).ToList();
        Assert.Equal(stage.Script.Starts.Count, ours.Count(span => span.DisplayName == Attempt));
        Assert.Contains(ours, span => span.Links.Any(link => link.Context.TraceId == raiser));
    }

    [Fact]
    public async Task Step_AfterAStoredEvent_IsLinkedToItsSender()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var stage = await StartStageAsync(Flow(
            """ "rest": { "delay": "01:00:00" } """,
            """ "ok": { "needs": ["rest"], "waitFor": "approved" } """,
            Work("a", "\"needs\": [\"ok\"]")));
        ActivityTraceId start, raiser;
        using (var caller = Begin())
        {
            start = caller.TraceId;
            Assert.True(await stage.StartAsync());
        }

        await stage.RunDueAsync();
        using (var caller = Begin())
        {
            raiser = caller.TraceId;
            Assert.Equal(RaiseOutcome.Accepted, await stage.Workflows.RaiseAsync(FlowRig.Id, "approved", default, Token));
        }

        Assert.Equal(WorkflowStatus.Completed, (await stage.EndAsync()).State.Status);

        Assert.Contains(spans, span => span.TraceId == start && span.Links.Any(link => link.Context.TraceId == raiser));
        Assert.Single(spans, span => span.TraceId == start && span.DisplayName == Attempt);
    }

    private static Activity Begin()
    {
        var caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C);
        caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        return caller.Start();
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "JobPipeline",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
