using System.Diagnostics;
using JobPipeline.Diagnostics;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Monitoring;

/// <summary>Tests of the trace of a workflow on the local runner.</summary>
public sealed class WorkflowTracingTests : IDisposable
{
    private readonly List<Activity> _spans = [];
    private readonly Activity _start = new Activity("start").SetIdFormat(ActivityIdFormat.W3C);
    private readonly ActivityListener _listener;

    public WorkflowTracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_spans)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task Steps_OfAWorkflow_ShareTheTraceOfItsStart()
    {
        await using var rig = new FlowRig(FlowRig.Flow(FlowRig.Work("first"), FlowRig.Work("second", """
            "needs": ["first"]
            """)));
        _start.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        _start.Start();
        await rig.StartAsync();
        _start.Stop();
        Activity.Current = null;
        await rig.RunAsync();

        var ours = _spans.Where(span => span.TraceId == _start.TraceId).ToList();
        Assert.Equal(2, ours.Count(span => span.DisplayName == "process flow.work"));
        Assert.Equal(
            ["first", "second"],
            ours.Where(span => span.DisplayName == "process flow.work")
                .Select(span => (string)span.GetTagItem("jobpipeline.workflow.step")!));
        var moves = ours.Where(span => span.DisplayName == "advance flow").ToList();
        Assert.True(moves.Count >= 2);
        Assert.All(moves, move => Assert.Equal(_start.SpanId, move.ParentSpanId));
        // The first step's attempt caused the move.
        var first = ours.First(span => span.DisplayName == "process flow.work");
        Assert.Contains(moves, move => move.Links.Any(link => link.Context.SpanId == first.SpanId));
        // Each attempt is a child of its send span, which is a child of the move that decided on it.
        Assert.All(ours.Where(span => span.DisplayName == "process flow.work"), attempt =>
        {
            var send = Assert.Single(ours, span => span.SpanId == attempt.ParentSpanId);
            Assert.Equal("send flow.work", send.DisplayName);
            Assert.Contains(moves, move => move.SpanId == send.ParentSpanId);
        });
    }

    public void Dispose()
    {
        _listener.Dispose();
        _start.Dispose();
    }
}
