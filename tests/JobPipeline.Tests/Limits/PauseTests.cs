using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Limits.Pauses;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Limits;

/// <summary>Tests of what a pause does to waiting jobs, and of what it does not affect.</summary>
public sealed class PauseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PauseTarget.Queue, PriorityQueues.Normal)]
    [InlineData(PauseTarget.JobType, ScriptedJob.Type)]
    public async Task Delivery_WhilePaused_IsHiddenWithoutAWriteAndRunsAfterTheResume(PauseTarget target, string name)
    {
        await using var pipeline = new TestPipeline();
        var id = await pipeline.EnqueueAsync();
        await pipeline.Pauses.PauseAsync(target, name, "ada", "the mail server is down", Token);
        pipeline.Storage.Calls.Clear();

        var result = Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync());

        Assert.Equal(pipeline.Now + TimeSpan.FromSeconds(10), result.PutBackUntil);
        Assert.Contains("the mail server is down", result.Why, StringComparison.Ordinal);
        Assert.Equal(result.Why, pipeline.Pauses.WhyPaused(PriorityQueues.Normal, ScriptedJob.Type));
        Assert.Empty(pipeline.Storage.Calls);
        Assert.Equal(1, pipeline.Messages());

        await pipeline.Pauses.ResumeAsync(target, name, "ada", Token);
        Assert.Null(pipeline.Pauses.WhyPaused(PriorityQueues.Normal, ScriptedJob.Type));
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Delivery_OfAnotherTypeAndQueue_IsNotAffected()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);
        await pipeline.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "ada", null, Token);
        await pipeline.EnqueueAsync(new JobRequest { Type = OtherJob.Type });

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync(PriorityQueues.High));
    }

    [Fact]
    public async Task Pause_WhileAJobRuns_LetsItFinish()
    {
        await using var pipeline = new TestPipeline();
        var gate = pipeline.Script.Hangs();
        var id = await pipeline.EnqueueAsync();
        var run = pipeline.DeliverAsync();
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);

        gate.SetResult(JobOutcome.Success());

        Assert.IsType<DeliveryResult.Succeeded>(await run.InTime());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task ForeignMessage_WithAKeyWhilePaused_ReservesTheKey()
    {
        await using var pipeline = new TestPipeline();
        const string message = $$"""{ "type": "{{ScriptedJob.Type}}", "key": "once" }""";
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);
        await pipeline.DropAsync(message);
        await pipeline.DeliverAsync();
        await pipeline.DropAsync(message);

        Assert.StartsWith(
            "duplicate of", Assert.IsType<DeliveryResult.Superseded>(await pipeline.DeliverAsync()).Why, StringComparison.Ordinal);

        await pipeline.Pauses.ResumeAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", Token);
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(0, pipeline.Messages());
    }

    [Fact]
    public async Task ForeignMessage_PausedForLongerThanItsIdIsValid_IsRecordedAndRunsLater()
    {
        await using var pipeline = TestPipeline.With(("JobPipeline:Retention", "1.01:00:00"));
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);
        await pipeline.DropAsync($$"""{ "type": "{{ScriptedJob.Type}}" }""");
        var delivery = await pipeline.ReceiveAsync();
        await pipeline.SettleAsync(delivery, await pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None)));
        Assert.Equal(JobState.Queued, await pipeline.StateAsync(delivery.DerivedId));
        pipeline.Time.Advance(TimeSpan.FromDays(3));

        await pipeline.Pauses.ResumeAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", Token);

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await pipeline.StateAsync(delivery.DerivedId));
    }

    [Fact]
    public async Task ForeignMessage_WithAnInvalidPayloadWhilePaused_Waits()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", "its new version is wrong", Token);
        await pipeline.DropAsync($$"""{ "type": "{{ScriptedJob.Type}}", "payload": { "count": "many" } }""");

        await pipeline.DeliverAsync();
        Assert.Empty(pipeline.Storage.DeadLetters.All());

        await pipeline.Pauses.ResumeAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", Token);
        pipeline.AdvanceToNextMessage();
        Assert.Equal(DeadLetterReason.InvalidPayload, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync()).Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pack_WhilePaused_LosesNoJob(bool isRedelivered)
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, QuickJob.Type, "ada", null, Token);
        await pipeline.DropAsync(
            $$"""
            { "pack": [
              { "type": "{{QuickJob.Type}}" },
              { "type": "{{QuickJob.Type}}", "payload": { "count": "many" } },
              { "type": "{{ScriptedJob.Type}}" } ] }
            """);
        if (isRedelivered)
        {
            await pipeline.ReceiveAsync();
            pipeline.Time.Advance(TestPipeline.Visibility);
        }

        Assert.Null((await pipeline.DeliverAsync()).PutBackUntil);

        await pipeline.Pauses.ResumeAsync(PauseTarget.JobType, QuickJob.Type, "ada", Token);
        while (pipeline.Messages() > 0)
        {
            pipeline.AdvanceToNextMessage();
            await pipeline.DeliverAsync();
        }

        Assert.Equal(2, pipeline.Script.Starts.Count);
        Assert.Equal(DeadLetterReason.InvalidPayload, (await pipeline.OnlyLetterAsync()).Reason);
    }

    [Fact]
    public async Task PoisonMessage_OfAPausedType_IsStillProcessed()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Pauses.PauseAsync(PauseTarget.JobType, ScriptedJob.Type, "ada", null, Token);
        await pipeline.DropAsync($$"""{ "type": "{{ScriptedJob.Type}}" }""", PriorityQueues.PoisonOf(PriorityQueues.Normal));

        Assert.Equal(DeadLetterReason.Poison, Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DrainPoisonAsync()).Reason);
    }

    [Fact]
    public async Task NewInstance_BeforeItsFirstRefresh_ReadsThePausesBeforeItStartsAJob()
    {
        await using var first = new TestPipeline();
        await first.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "ada", null, Token);
        await first.EnqueueAsync();
        await using var second = first.Another();

        Assert.IsType<DeliveryResult.Deferred>(await second.DeliverAsync());
    }

    [Fact]
    public async Task PauseAndResume_OnAnotherInstance_TakeEffectAtTheNextRefresh()
    {
        await using var first = new TestPipeline();
        await using var second = first.Another();
        await second.Pauses.TryRefreshAsync(Token);
        using var stopping = new CancellationTokenSource();
        var keeping = second.Pauses.KeepFreshAsync(stopping.Token);
        var changed = second.Pauses.Changed;

        await first.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Low, "ada", null, Token);
        Assert.Null(second.Pauses.Find(PauseTarget.Queue, PriorityQueues.Low));
        first.Time.Advance(TimeSpan.FromSeconds(2));
        await changed.InTime();
        Assert.NotNull(second.Pauses.Find(PauseTarget.Queue, PriorityQueues.Low));

        changed = second.Pauses.Changed;
        await first.Pauses.ResumeAsync(PauseTarget.Queue, PriorityQueues.Low, "ada", Token);
        first.Time.Advance(TimeSpan.FromSeconds(2));
        await changed.InTime();
        Assert.Empty(second.Pauses.All);
        await stopping.CancelAsync();
        await keeping;
    }

    [Fact]
    public async Task Start_AfterAnIdleTime_SeesAPauseAlthoughTheyAreReadLessOften()
    {
        var store = new FailingPauseStore();
        await using var pipeline = TestPipeline.With(services => services.AddSingleton<IPauseStore>(store));
        await pipeline.Pauses.TryRefreshAsync(Token);
        using var stopping = new CancellationTokenSource();
        var keeping = pipeline.Pauses.KeepFreshAsync(stopping.Token);
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        var before = store.Reads;
        pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, store.Reads - before);

        await store.PutAsync(new Pause(PauseTarget.Queue, PriorityQueues.Normal, pipeline.Now, "ada", null), Token);
        pipeline.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(pipeline.Pauses.All);
        await pipeline.EnqueueAsync();
        Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync());

        // While something is paused, a resume is seen as soon as ever.
        before = store.Reads;
        pipeline.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(60, store.Reads - before);
        await stopping.CancelAsync();
        await keeping;
    }

    [Fact]
    public async Task Refresh_ThatFails_KeepsTheKnownPauses()
    {
        var store = new FailingPauseStore();
        await using var pipeline = TestPipeline.With(services => services.AddSingleton<IPauseStore>(store));
        await pipeline.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "ada", null, Token);
        await pipeline.EnqueueAsync();
        store.IsFailing = true;

        await pipeline.Pauses.TryRefreshAsync(Token);

        Assert.IsType<DeliveryResult.Deferred>(await pipeline.DeliverAsync());
    }

    [Fact]
    public async Task Delivery_WhilePausesAreUnknown_IsLeftForRedelivery()
    {
        await using var pipeline = TestPipeline.With(services =>
            services.AddSingleton<IPauseStore>(new FailingPauseStore { IsFailing = true }));
        await pipeline.EnqueueAsync();

        await Assert.ThrowsAsync<IOException>(() => pipeline.DeliverAsync());

        Assert.Empty(pipeline.Script.Starts);
        Assert.Equal(1, pipeline.Messages());
    }

    [Fact]
    public async Task Pause_WhenAlreadyPaused_KeepsTheTimeAndUpdatesTheReason()
    {
        await using var pipeline = new TestPipeline();
        var first = await pipeline.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "ada", "a", Token);
        pipeline.Time.Advance(TimeSpan.FromHours(1));

        await pipeline.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "bob", "b", Token);

        Assert.Equal(first with { By = "bob", Reason = "b" }, Assert.Single(pipeline.Pauses.All));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            pipeline.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "bob", new string('x', Pause.MaxReasonLength + 1), Token));
    }

    [Fact]
    public async Task PauseAndResume_ByACaller_AreWrittenToTheAuditLog()
    {
        await using var pipeline = new TestPipeline();
        await pipeline.Pauses.PauseAsync(PauseTarget.Queue, PriorityQueues.Normal, "key 'ops'", "flood", Token);
        await pipeline.Pauses.ResumeAsync(PauseTarget.Queue, PriorityQueues.Normal, "key 'dev'", Token);

        var audit = pipeline.Log.Entries.Where(entry => entry.Event.Id is 1200 or 1201).ToList();
        Assert.Equal([1200, 1201], audit.Select(entry => entry.Event.Id));
        Assert.Contains("key 'ops' paused Queue jobs: flood", audit[0].Text, StringComparison.Ordinal);
        Assert.Contains("key 'dev' resumed Queue jobs", audit[1].Text, StringComparison.Ordinal);
    }

    private sealed class FailingPauseStore : IPauseStore
    {
        private readonly InMemoryPauseStore _inner = new();

        public bool IsFailing { get; set; }

        public int Reads { get; private set; }

        public Task PutAsync(Pause pause, CancellationToken cancellationToken) => _inner.PutAsync(pause, cancellationToken);

        public Task RemoveAsync(PauseTarget target, string name, CancellationToken cancellationToken) =>
            _inner.RemoveAsync(target, name, cancellationToken);

        public Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellationToken)
        {
            Reads++;
            return IsFailing
                ? Task.FromException<IReadOnlyList<Pause>>(new IOException("no answer")) : _inner.ListAsync(cancellationToken);
        }
    }
}
