using JobPipeline.Execution;
using System.Diagnostics.Metrics;
using JobPipeline.Diagnostics;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Monitoring;

/// <summary>Tests of the job metrics of the real executor.</summary>
public sealed class JobMetricsTests : IAsyncDisposable
{
    private readonly MeasuredMeters _meters = new();
    private readonly TestPipeline _pipeline;

    public JobMetricsTests() =>
        _pipeline = TestPipeline.With([typeof(ScriptedJob), typeof(OtherJob), typeof(QuickJob), typeof(TargetJob)], services =>
            services.AddSingleton<IMeterFactory>(_meters));

    [Fact]
    public async Task Success_OfAJob_IsCountedFromEnqueueToEnd()
    {
        await _pipeline.EnqueueAsync();
        _pipeline.Time.Advance(TimeSpan.FromSeconds(7));
        await _pipeline.DeliverAsync();

        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.enqueued"));
        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.started"));
        Assert.Equal([("succeeded", 1d)], By("jobpipeline.attempts", "jobpipeline.attempt.outcome"));
        Assert.Equal([("succeeded", 1d)], By("jobpipeline.jobs.finished", "jobpipeline.job.outcome"));
        var wait = Assert.Single(_meters.Of("jobpipeline.job.wait"));
        Assert.Equal(7, wait.Value);
        Assert.DoesNotContain("error.type", Assert.Single(_meters.Of("messaging.process.duration")).Tags.Keys);
    }

    [Fact]
    public async Task Failures_OfAllAttempts_AreCountedWithOneDeadLetter()
    {
        _pipeline.Script.Throws(new IOException("the disk is full"));
        await _pipeline.EnqueueAsync();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
            await _pipeline.DeliverAsync();
        }

        Assert.Equal([("failed", 3d)], By("jobpipeline.attempts", "jobpipeline.attempt.outcome"));
        Assert.Equal([("dead-lettered", 1d)], By("jobpipeline.jobs.finished", "jobpipeline.job.outcome"));
        Assert.Equal([("AttemptsExhausted", 1d)], By("jobpipeline.dead_letters", "jobpipeline.dead_letter.reason"));
        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.started"));
        Assert.All(_meters.Of("messaging.process.duration"), run => Assert.Equal("Transient", run["error.type"]));
    }

    [Fact]
    public void TableOfMetrics_OfDeferrals_NamesEveryReason() => Assert.Equal(
        Enum.GetNames<DeferralReason>().Select(reason => $"`{reason}`"),
        MarkdownTable.Read("docs/metrics.md", "Metric").Single(cells => cells[0] == "`jobpipeline.jobs.deferred`")[^1]
            .Split(": ")[1]
            .Split(", "));

    [Fact]
    public async Task Snooze_OfAJob_IsCountedAsADeferral()
    {
        _pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromSeconds(30)));
        await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();
        _pipeline.Script.Returns(JobOutcome.Success());
        _pipeline.Time.Advance(TimeSpan.FromSeconds(31));
        await _pipeline.DeliverAsync();

        Assert.Equal([("released", 1d), ("succeeded", 1d)], By("jobpipeline.attempts", "jobpipeline.attempt.outcome"));
        Assert.Equal([("Snoozed", 1d)], By("jobpipeline.jobs.deferred", "jobpipeline.defer.reason"));
        // It started once: the redelivered job had started before.
        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.started"));
    }

    [Fact]
    public async Task Message_OfAForeignSender_IsEnqueuedOnceItIsRead()
    {
        await _pipeline.DropAsync("""{ "type": "mail.send" }""");
        await _pipeline.DeliverAsync();

        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.enqueued"));
        Assert.Equal([("succeeded", 1d)], By("jobpipeline.jobs.finished", "jobpipeline.job.outcome"));
    }

    /// <summary>It is delivered several times: the first delivery writes the record, the last one starts the job.</summary>
    [Fact]
    public async Task Message_OfAForeignSenderThatIsNotDue_IsEnqueuedOnce()
    {
        await _pipeline.DropAsync($$"""{ "type": "mail.send", "notBefore": "{{_pipeline.Now.AddDays(10):o}}" }""");
        while (_meters.Now("jobpipeline.jobs.started").Sum(series => series.Value) == 0)
        {
            _pipeline.AdvanceToNextMessage(TimeSpan.FromHours(1));
            await _pipeline.DeliverAsync();
        }

        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.enqueued"));
    }

    [Fact]
    public async Task Message_OfAForeignSenderThatIsPausedAndReadAgain_IsEnqueuedOnce()
    {
        await _pipeline.Pauses.PauseAsync(
            PauseTarget.Queue, PriorityQueues.Normal, "me", "maintenance", TestContext.Current.CancellationToken);
        await _pipeline.DropAsync("""{ "type": "mail.send" }""");
        // Its host dies before it has put it back.
        await _pipeline.Executor.ExecuteAsync(await _pipeline.ReceiveAsync(), new DeliveryTerms(CancellationToken.None));
        _pipeline.Time.Advance(TestPipeline.Visibility);
        await _pipeline.DeliverAsync();

        Assert.Equal([("mail.send", "jobs", 1d)], Counted("jobpipeline.jobs.enqueued"));
    }

    [Fact]
    public async Task Types_WithoutAHandler_ShareOneName()
    {
        for (var i = 0; i < 5; i++)
        {
            await _pipeline.DropAsync($$"""{ "type": "nobody.knows.{{i}}" }""");
            await _pipeline.DeliverAsync();
        }

        Assert.Equal([("unknown", 5d)], By("jobpipeline.jobs.deferred", "jobpipeline.job.type"));
        _pipeline.Time.Advance(TimeSpan.FromMinutes(15));
        for (var i = 0; i < 5; i++)
            await _pipeline.DeliverOneAsync();

        Assert.Equal([("unknown", "jobs", 5d)], Counted("jobpipeline.jobs.finished"));
        Assert.All(_meters.Now("jobpipeline.dead_letters"), deadLetter => Assert.Equal("unknown", deadLetter["jobpipeline.job.type"]));
    }

    [Fact]
    public void Workflows_ThatAreNotRegistered_ShareOneName()
    {
        using var meters = new MeasuredMeters();
        var metrics = new JobMetrics(meters, ["weather-report"]);

        foreach (var name in new[] { "weather-report", "somebody's", "somebody-else's" })
        {
            metrics.WorkflowStarted(name);
            metrics.WorkflowEnded(name, "Completed");
        }

        Assert.Equal(
            ["weather-report", "unknown", "unknown"],
            meters.Of("jobpipeline.workflows.started").Select(started => started["jobpipeline.workflow.name"]));
        Assert.Equal(
            ["weather-report", "unknown", "unknown"],
            meters.Of("jobpipeline.workflows.ended").Select(ended => ended["jobpipeline.workflow.name"]));
    }

    [Fact]
    public async Task Cancel_WaitingJob_IsCounted()
    {
        var id = await _pipeline.EnqueueAsync();
        await _pipeline.Client.CancelAsync(id, "not needed", TestContext.Current.CancellationToken);

        Assert.Equal([("cancelled", 1d)], By("jobpipeline.jobs.finished", "jobpipeline.job.outcome"));
        Assert.Empty(By("jobpipeline.attempts", "jobpipeline.attempt.outcome"));
    }

    /// <summary>The record was written without checking the type, and the job ended before a handler was looked up.</summary>
    [Fact]
    public async Task Cancel_JobWithoutAHandler_HidesTheTypeOfTheSender()
    {
        await _pipeline.Pauses.PauseAsync(
            PauseTarget.Queue, PriorityQueues.Normal, "me", "maintenance", TestContext.Current.CancellationToken);
        await _pipeline.DropAsync("""{ "type": "nobody.knows" }""");
        var delivery = await _pipeline.ReceiveAsync();
        await _pipeline.SettleAsync(delivery, await _pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None)));
        await _pipeline.Client.CancelAsync(delivery.DerivedId, "not needed", TestContext.Current.CancellationToken);

        Assert.Equal([("cancelled", 1d)], By("jobpipeline.jobs.finished", "jobpipeline.job.outcome"));
        Assert.Equal([("unknown", "jobs", 1d)], Counted("jobpipeline.jobs.finished"));
    }

    [Fact]
    public async Task Pause_OfAQueue_IsADeferralWithoutAnAttempt()
    {
        await _pipeline.Pauses.PauseAsync(
            PauseTarget.Queue, PriorityQueues.Normal, "me", "maintenance", TestContext.Current.CancellationToken);
        await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();

        Assert.Equal([("Paused", 1d)], By("jobpipeline.jobs.deferred", "jobpipeline.defer.reason"));
        Assert.Empty(Counted("jobpipeline.jobs.started"));
    }

    [Theory]
    [InlineData(10, "true")]
    [InlineData(31, "false")]
    public async Task Run_TypeWithATargetDuration_IsTimed(int seconds, string isMet)
    {
        _pipeline.Script.Act = (_, _) =>
        {
            _pipeline.Time.Advance(TimeSpan.FromSeconds(seconds));
            return Task.FromResult(JobOutcome.Success());
        };
        await _pipeline.EnqueueAsync(new JobRequest { Type = TargetJob.Type });
        await _pipeline.DeliverAsync();

        Assert.Equal([(isMet, 1d)], By("jobpipeline.jobs.timed", "jobpipeline.target.met"));
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _meters.Dispose();
    }

    private IEnumerable<(string Type, string Queue, double Count)> Counted(string instrument) => _meters.Now(instrument)
        .GroupBy(series => (Type: series["jobpipeline.job.type"], Queue: series["messaging.destination.name"]))
        .Select(group => (group.Key.Type, group.Key.Queue, group.Sum(series => series.Value)))
        .Where(series => series.Item3 > 0);

    private IEnumerable<(string Name, double Count)> By(string instrument, string attribute) =>
        (instrument is "jobpipeline.jobs.deferred" ? _meters.Of(instrument) : _meters.Now(instrument))
        .GroupBy(series => series[attribute], StringComparer.Ordinal)
        .Select(group => (group.Key, group.Sum(series => series.Value)))
        .Where(series => series.Item2 > 0)
        .OrderBy(series => series.Key, StringComparer.Ordinal);

    [Job(Type, TargetDuration = "00:00:30", Timeout = "01:00:00")]
    private sealed class TargetJob(Script script) : IJobHandler<ScriptedPayload>
    {
        public const string Type = "mail.timed";

        public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
            script.RunAsync(payload, context, cancellationToken);
    }
}
