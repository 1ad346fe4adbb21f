using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Maintenance;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Maintenance;

/// <summary>
/// Tests of jobs whose message is missing, and of healthy jobs that resemble them. Maintenance runs every minute of virtual time.
/// </summary>
public sealed class OverdueSweepTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The margin, the interval until the first check, and the second check.</summary>
    private static readonly TimeSpan UntilFound = TimeSpan.FromMinutes(15 + 5 + 3 + 5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_QueuedJobWithoutAMessage_ResendsItAndItRuns()
    {
        await using var pipeline = new TestPipeline();
        var id = await EnqueueLostAsync(pipeline);

        var found = await LiveAsync(pipeline, UntilFound);

        Assert.Equal(1, found);
        Assert.Contains(pipeline.Log.Entries, entry => entry.Event.Id == 1405);
        await pipeline.DeliverAsync();
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromDays(10)));
        // The hour is finished, and only ledger rows of later hours are left.
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task Run_WithoutWorkers_ResendsAMissingMessageOnce()
    {
        await using var pipeline = new TestPipeline();
        await EnqueueLostAsync(pipeline);

        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromDays(2)));
        Assert.Equal(1, pipeline.Messages());
    }

    [Fact]
    public async Task Run_JobInEachWaitingState_SendsTheNextAttempt()
    {
        await using var pipeline = new TestPipeline();
        pipeline.Script.Throws(new IOException("once"));
        var retrying = await pipeline.EnqueueAsync();
        pipeline.Storage.LosesMessages = true;
        await pipeline.DeliverAsync();
        pipeline.Storage.LosesMessages = false;
        pipeline.Script.Returns(JobOutcome.Snooze(Minute));
        var snoozed = await pipeline.EnqueueAsync();
        var delivery = await pipeline.ReceiveAsync();
        await pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
        await pipeline.Storage.Queue.DeleteAsync(delivery, Token);
        var delayed = await EnqueueLostAsync(pipeline, new JobRequest { Type = ScriptedJob.Type, NotBefore = pipeline.Now + Minute });

        Assert.Equal(3, await LiveAsync(pipeline, UntilFound));

        pipeline.Script.Returns(JobOutcome.Success());
        for (var i = 0; i < 3; i++)
            await pipeline.DeliverAsync();
        Assert.Equal(2, (await pipeline.RowsAsync(retrying)).Attempts.Count);
        foreach (var id in (JobId[])[retrying, snoozed, delayed])
            Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Run_RunningJobOfAWorkerWithoutAnInstanceRow_ResendsIt()
    {
        await using var pipeline = new TestPipeline();
        await using var victim = pipeline.Frozen();
        victim.Script.Hangs();
        var id = await victim.EnqueueAsync();
        var delivery = await victim.ReceiveAsync();
        _ = victim.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
        await pipeline.Storage.Queue.DeleteAsync(delivery, Token);

        Assert.Equal(1, await LiveAsync(pipeline, UntilFound));

        await pipeline.DeliverAsync();
        Assert.Equal(1, Assert.Single((await pipeline.RowsAsync(id)).Attempts).Deaths);
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Run_JobScheduledMonthsAhead_FindsItWhenItIsDue()
    {
        await using var pipeline = new TestPipeline();
        await EnqueueLostAsync(pipeline, new JobRequest { Type = ScriptedJob.Type, NotBefore = pipeline.Now.AddDays(90) });

        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromDays(90), step: TimeSpan.FromMinutes(20)));
        Assert.Equal(1, await LiveAsync(pipeline, UntilFound));
    }

    [Fact]
    public async Task Run_JobFromLongBeforeTheFirstRun_IsFound()
    {
        await using var pipeline = new TestPipeline();
        await EnqueueLostAsync(pipeline);
        pipeline.Time.Advance(TimeSpan.FromDays(20));

        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Run_RecordWrittenLongAfterItsId_IsFoundByALateCheck()
    {
        await using var pipeline = new TestPipeline();
        await LiveAsync(pipeline, Minute);
        var id = JobId.Create(pipeline.Now);
        await LiveAsync(pipeline, TimeSpan.FromHours(20));
        var spec = new JobSpec { Type = ScriptedJob.Type, EnqueuedAt = pipeline.Now };
        await pipeline.Storage.Store.ApplyAsync(
            JobTransition.Enqueue(JobRecord.Enqueued(id, PriorityQueues.Normal, spec, pipeline.Now)), Token);

        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromHours(6)));
    }

    [Fact]
    public async Task Run_WithADeepBacklog_FindsOnlyTheJobWithoutAMessage()
    {
        await using var pipeline = new TestPipeline();
        for (var i = 0; i < 100; i++)
        {
            await (i == 5 ? EnqueueLostAsync(pipeline) : pipeline.EnqueueAsync());
            pipeline.Time.Advance(TimeSpan.FromMinutes(10));
        }

        // One job every six minutes, so the last one waits for ten hours.
        var found = 0;
        for (var i = 0; i < 98; i++)
        {
            found += await LiveAsync(pipeline, TimeSpan.FromMinutes(6));
            await pipeline.DeliverAsync();
        }

        Assert.Equal(1, found);
        found += await LiveAsync(pipeline, TimeSpan.FromHours(5));
        Assert.Equal((1, 2), (found, pipeline.Messages()));
    }

    [Fact]
    public async Task Run_WithJobsThatWaitInAHostForASlot_FindsNothing()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync();
        var held = await pipeline.ReceiveAsync();
        using var wait = pipeline.Waiting.Enter(held);

        for (var i = 0; i < 300; i++)
        {
            await pipeline.Storage.Queue.HideAsync(held, TimeSpan.FromMinutes(2), Token);
            await pipeline.Heartbeat.WriteAsync("self-host", Token);
            Assert.Equal(0, await LiveAsync(pipeline, Minute));
        }

        // Not any more: it was started, and its heartbeat is missing.
        wait.Dispose();
        await pipeline.Heartbeat.WriteAsync("self-host", Token);
        await pipeline.Storage.Queue.HideAsync(held, TimeSpan.FromDays(1), Token);
        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromHours(2)));
    }

    [Theory]
    [InlineData(PauseTarget.JobType, ScriptedJob.Type)]
    [InlineData(PauseTarget.Queue, PriorityQueues.Normal)]
    public async Task Run_WithPausedJobs_FindsNothingUntilTheyAreResumed(PauseTarget target, string name)
    {
        await using var pipeline = new TestPipeline();
        await EnqueueLostAsync(pipeline);
        await pipeline.Pauses.PauseAsync(target, name, "ada", null, Token);
        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromDays(3)));

        await pipeline.Pauses.ResumeAsync(target, name, "ada", Token);

        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromHours(10)));
    }

    [Fact]
    public async Task Run_JustAfterAResume_ChecksTwice()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync();
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);
        await LiveAsync(pipeline, TimeSpan.FromHours(1));
        // Its message is hidden for a moment, as messages of a paused type usually are.
        await pipeline.DeliverAsync();
        await pipeline.Pauses.ResumeAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", Token);

        var suspected = 0;
        for (var i = 0; i < 60 && suspected == 0; i++)
        {
            await pipeline.Storage.Queue.HideAsync(await HeldAsync(pipeline), TimeSpan.FromSeconds(61), Token);
            pipeline.Time.Advance(Minute);
            suspected += (await pipeline.Maintenance.RunAsync(pipeline.Now, Token)).Overdue?.Suspected ?? 0;
        }

        Assert.Equal(1, suspected);
        pipeline.AdvanceToNextMessage();
        await pipeline.DeliverAsync();
        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task Run_WithSnoozedDelayedAndLongRunningJobs_FindsNothing()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, NotBefore = pipeline.Now.AddDays(3) });
        pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromHours(7)));
        await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();
        pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, Timeout = TimeSpan.FromHours(23) });
        _ = pipeline.Executor.ExecuteAsync(await pipeline.ReceiveAsync(), new DeliveryTerms(CancellationToken.None));

        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromHours(6), step: TimeSpan.FromSeconds(15)));

        Assert.Equal(JobState.Running, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Run_OnSeveralInstances_RunsOnOneAtATime()
    {
        await using var pipeline = new TestPipeline();
        await using var another = pipeline.Another();

        Assert.NotNull((await pipeline.Maintenance.RunAsync(pipeline.Now, Token)).Overdue);
        Assert.Null((await another.Maintenance.RunAsync(pipeline.Now, Token)).Overdue);
        pipeline.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull((await another.Maintenance.RunAsync(pipeline.Now, Token)).Overdue);
        Assert.Null((await pipeline.Maintenance.RunAsync(pipeline.Now, Token)).Overdue);
    }

    [Fact]
    public async Task Run_ThatFailsHalfway_IsRepeatedWhenTheNextOneIsDue()
    {
        await using var pipeline = new TestPipeline();
        await EnqueueLostAsync(pipeline);
        pipeline.Storage.FailsBefore = call => call == "read rows";
        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromHours(1)));
        Assert.Contains(pipeline.Log.Entries, entry => entry.Event.Id == 1403);

        pipeline.Storage.FailsBefore = static _ => false;

        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task Run_InSmallSteps_CoversTheWholeHour()
    {
        await using var pipeline = TestPipeline.With(
            ("JobPipeline:Housekeeping:StepSize", "3"),
            ("JobPipeline:Housekeeping:StepsPerRun", "2"));
        for (var i = 0; i < 20; i++)
        {
            await EnqueueLostAsync(pipeline);
        }

        var found = 0;
        for (var run = 0; run < 300 && found < 20; run++)
        {
            pipeline.Time.Advance(Minute);
            var report = (await pipeline.Maintenance.RunAsync(pipeline.Now, Token)).Overdue;
            Assert.InRange(report?.Open ?? 0, 0, 2 * 3);
            found += report?.Resent ?? 0;
            while (pipeline.Messages() > 0)
                await pipeline.DeliverAsync();
        }

        Assert.Equal(20, found);
        Assert.Equal(20, pipeline.Script.Starts.Distinct().Count());
    }

    [Fact]
    public async Task Run_WhenTheQueueIsUnavailable_RetriesLater()
    {
        await using var pipeline = new TestPipeline();
        await EnqueueLostAsync(pipeline);
        pipeline.Storage.FailsBefore = call => call.StartsWith("send", StringComparison.Ordinal);
        Assert.Equal(0, await LiveAsync(pipeline, TimeSpan.FromHours(1)));

        pipeline.Storage.FailsBefore = static _ => false;

        Assert.Equal(1, await LiveAsync(pipeline, TimeSpan.FromHours(1)));
    }

    /// <summary>Advances time with maintenance running and returns the number of jobs that the sweep re-sent.</summary>
    private static async Task<int> LiveAsync(TestPipeline pipeline, TimeSpan time, TimeSpan? step = null)
    {
        var resent = 0;
        for (var end = pipeline.Now + time; pipeline.Now < end;)
        {
            pipeline.Time.Advance(step ?? Minute);
            MaintenanceReport report;
            do
            {
                report = await pipeline.Maintenance.RunAsync(pipeline.Now, Token);
                resent += report.Overdue?.Resent ?? 0;
            }
            while (report.Overdue is { HasMore: true });
        }

        return resent;
    }

    private static async Task<JobId> EnqueueLostAsync(TestPipeline pipeline, JobRequest? request = null)
    {
        pipeline.Storage.LosesMessages = true;
        var id = await pipeline.EnqueueAsync(request);
        pipeline.Storage.LosesMessages = false;
        return id;
    }

    private static async Task<QueueDelivery> HeldAsync(TestPipeline pipeline)
    {
        pipeline.AdvanceToNextMessage();
        return await pipeline.ReceiveAsync();
    }
}
