using System.Diagnostics;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Monitoring;

/// <summary>Tests of the spans that an ActivityListener receives, for recorded and unrecorded traces.</summary>
public sealed class JobTracingTests : IDisposable
{
    private const string Kept = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string NotKept = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly HashSet<ActivityTraceId> _ours =
    [
        ActivityTraceId.CreateFromString(Kept.AsSpan(3, 32)),
        ActivityTraceId.CreateFromString(NotKept.AsSpan(3, 32)),
    ];

    public JobTracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            // As the shipped sampler: follows the sender's decision and records nothing otherwise.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.PropagationData,
            ActivityStopped = span =>
            {
                // Other tests run concurrently.
                if (span.IsAllDataRequested && _ours.Contains(span.TraceId))
                {
                    lock (_spans)
                    {
                        _spans.Add(span);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task Attempts_OfARecordedTrace_AreChildrenOfTheSender()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("the disk is full"));
        await pipeline.DropAsync($$"""{ "type": "mail.send", "traceparent": "{{Kept}}", "correlationId": "order-7" }""");
        await pipeline.DeliverAsync();
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        pipeline.Script.Returns(JobOutcome.Success());
        await pipeline.DeliverAsync();

        Assert.Equal(["process mail.send", "process mail.send"], _spans.Select(span => span.DisplayName));
        Assert.All(_spans, span =>
        {
            Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToHexString());
            Assert.Equal(ActivityKind.Consumer, span.Kind);
            Assert.Equal("order-7", span.GetTagItem("messaging.message.conversation_id"));
            Assert.Equal("jobs", span.GetTagItem("messaging.destination.name"));
        });
        Assert.Equal(
            [(1, "failed"), (2, "succeeded")],
            _spans.Select(span => ((int)span.GetTagItem("jobpipeline.attempt")!, (string)span.GetTagItem("jobpipeline.attempt.outcome")!)));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], _spans.Select(span => span.Status));
    }

    [Fact]
    public async Task Failure_OfAnUnrecordedTrace_IsRecordedWithItsStart()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Act = (_, _) =>
        {
            pipeline.Time.Advance(TimeSpan.FromSeconds(3));
            throw new InvalidDataException("secret-of-the-payload");
        };
        var began = pipeline.Now;
        await pipeline.DropAsync($$"""{ "type": "mail.send", "traceparent": "{{NotKept}}" }""");
        await pipeline.DeliverAsync();

        var span = Assert.Single(_spans);
        Assert.Equal("1af7651916cd43dd8448eb211c80319c", span.TraceId.ToHexString());
        Assert.True(span.Recorded);
        Assert.Equal(began.UtcDateTime, span.StartTimeUtc);
        var exception = Assert.Single(span.Events);
        Assert.Equal("exception", exception.Name);
        Assert.Equal("System.IO.InvalidDataException", exception.Tags.Single(tag => tag.Key == "exception.type").Value);
        Assert.DoesNotContain(
            "secret",
            string.Concat(exception.Tags.Concat(span.TagObjects).Select(tag => tag.Value)) + span.StatusDescription,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_OfAnUnrecordedTrace_HasNoSpanAndPropagatesTheContext()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            await context.EnqueueChildAsync(new JobRequest { Type = OtherJob.Type }, cancellationToken: cancellationToken);
            return JobOutcome.Success();
        };
        await pipeline.DropAsync($$"""{ "type": "mail.send", "traceparent": "{{NotKept}}" }""");
        await pipeline.DeliverAsync();

        Assert.Empty(_spans);
        Assert.StartsWith("00-1af7651916cd43dd8448eb211c80319c-", await TraceOfNextAsync(pipeline), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_UnderAnActivityOfTheHost_StaysInTheSendersTrace()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            await context.EnqueueChildAsync(new JobRequest { Type = OtherJob.Type }, cancellationToken: cancellationToken);
            return JobOutcome.Success();
        };
        await pipeline.DropAsync($$"""{ "type": "mail.send", "traceparent": "{{NotKept}}" }""");
        using (new Activity("invocation").SetIdFormat(ActivityIdFormat.W3C).Start())
            await pipeline.DeliverAsync();

        Assert.Empty(_spans);
        Assert.StartsWith("00-1af7651916cd43dd8448eb211c80319c-", await TraceOfNextAsync(pipeline), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_WithAnInvalidTraceparent_StartsANewTrace()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("the disk is full"));
        ActivityTraceId? trace = null;
        using var all = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = span =>
                trace =
                    (string?)span.GetTagItem("jobpipeline.job.type") == "mail.send"
                    && Equals(span.GetTagItem("messaging.message.conversation_id"), "no-trace")
                        ? span.TraceId
                        : trace,
        };
        ActivitySource.AddActivityListener(all);
        await pipeline.DropAsync(
            """
            { "type": "mail.send", "correlationId": "no-trace",
              "traceparent": "00-00000000000000000000000000000000-0000000000000000-00" }
            """);
        await pipeline.DeliverAsync();

        Assert.NotNull(trace);
        Assert.NotEqual(default, trace.Value);
    }

    [Fact]
    public async Task Child_OfARecordedAttempt_IsItsChildSpan()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Act = async (context, cancellationToken) =>
        {
            await context.EnqueueChildAsync(new JobRequest { Type = OtherJob.Type }, cancellationToken: cancellationToken);
            return JobOutcome.Success();
        };
        await pipeline.DropAsync($$"""{ "type": "mail.send", "traceparent": "{{Kept}}" }""");
        await pipeline.DeliverAsync();

        Assert.Equal(["send mail.purge", "process mail.send"], _spans.Select(span => span.DisplayName));
        Assert.Equal(_spans[1].SpanId, _spans[0].ParentSpanId);
        Assert.Equal(_spans[0].Id, await TraceOfNextAsync(pipeline));
    }

    [Fact]
    public async Task Pack_OfSeveralSenders_IsLinkedToThem()
    {
        await using var pipeline = new TestPipeline();
        using var around = new Activity("around").SetParentId(Kept).Start();
        await pipeline.DropAsync($$"""
            { "v": 1, "pack": [
              { "type": "mail.count", "traceparent": "{{Kept}}" },
              { "type": "mail.count", "traceparent": "{{NotKept}}" },
              { "type": "mail.count" } ] }
            """);
        await pipeline.DeliverAsync();

        var pack = Assert.Single(_spans, span => span.DisplayName == "receive jobs");
        Assert.Equal(
            ["0af7651916cd43dd8448eb211c80319c", "1af7651916cd43dd8448eb211c80319c"],
            pack.Links.Select(link => link.Context.TraceId.ToHexString()).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _listener.Dispose();

    private static async Task<string?> TraceOfNextAsync(TestPipeline pipeline)
    {
        var delivery = Assert.Single(
            await pipeline.Storage.Queue.ReceiveAsync(
                PriorityQueues.High, 1, TestPipeline.Visibility, TestContext.Current.CancellationToken));
        return Assert.IsType<MessageReading.Job>(JobMessageReader.Read(delivery.Body, delivery.InsertedAt)).Message.Spec.TraceParent;
    }
}
