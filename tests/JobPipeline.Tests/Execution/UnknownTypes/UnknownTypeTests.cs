using JobPipeline.Configuration;
using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Execution.UnknownTypes;

/// <summary>
/// Tests of jobs for which the receiving instance has no handler: with or without a record, due or not, in the first or a later
/// attempt, in packs.
/// </summary>
public sealed class UnknownTypeTests : IAsyncDisposable
{
    private const string Kind = "self-host";

    private readonly TestPipeline _knower = TestPipeline.With(services => services.AddSingleton(new WorkerIdentity("knower")));
    private readonly TestPipeline _stranger;

    public UnknownTypeTests() => _stranger = Stranger();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_TypeOfALivingInstance_IsLeftToItAndRuns()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        var id = await _knower.EnqueueAsync();
        _stranger.Storage.Calls.Clear();

        var left = Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());

        Assert.Equal(DeferralReason.UnknownType, left.Reason);
        Assert.True(left.IsLeftToOthers);
        Assert.InRange(left.PutBackUntil!.Value - _knower.Now, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.25));
        // One read, and the message is hidden: the cost that docs/job-states.md states for each delivery.
        Assert.Equal(["read rows"], _stranger.Storage.Calls);
        Assert.Equal(JobState.Queued, await _knower.StateAsync(id));
        _knower.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await _knower.DeliverAsync());
        Assert.Empty(_stranger.Storage.DeadLetters.All());
    }

    [Fact]
    public async Task Deliver_ForHoursWhileALivingInstanceHasAHandler_NeverBecomesADeadLetter()
    {
        await _knower.EnqueueAsync();
        var deliveries = 0;
        for (var end = _knower.Now.AddHours(3); _knower.Now < end; deliveries++)
        {
            await _knower.Heartbeat.WriteAsync(Kind, Token);
            Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());
            _stranger.AdvanceToNextMessage();
        }

        Assert.Empty(_stranger.Storage.DeadLetters.All());
        Assert.InRange(deliveries, 500, 750);
    }

    [Fact]
    public async Task Deliver_UnknownType_BecomesADeadLetterAfterTheGracePeriod()
    {
        await _stranger.DropAsync("""{ "type": "mail.sned", "payload": 1 }""");
        var dropped = _stranger.Now;
        var first = await _stranger.DeliverAsync();
        Assert.IsType<DeliveryResult.Deferred>(first);

        var deliveries = await DeliverUntilEndedAsync(_stranger);

        var deadLetter = await _stranger.OnlyLetterAsync();
        Assert.Equal((DeadLetterReason.UnknownType, "mail.sned"), (deadLetter.Reason, deadLetter.Type));
        Assert.Contains("no handler is registered for the job type 'mail.sned'", deadLetter.Detail, StringComparison.Ordinal);
        Assert.InRange(deadLetter.At - dropped, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        Assert.Equal(JobState.DeadLettered, await _stranger.StateAsync(deadLetter.Id));
        Assert.InRange(deliveries, 10, 36);
        Assert.Equal(0, _stranger.Messages());
    }

    [Fact]
    public async Task Deliver_AfterTheLastInstanceWithAHandlerStopped_WaitsForTheWholeGracePeriod()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        var id = await _knower.EnqueueAsync();
        _knower.Time.Advance(TimeSpan.FromHours(2));
        await _knower.Heartbeat.MarkStoppedAsync(Kind, "replaced", Token);
        var stopped = _knower.Now;

        await DeliverUntilEndedAsync(_stranger);

        var deadLetter = await _stranger.OnlyLetterAsync();
        Assert.Equal((id, DeadLetterReason.UnknownType), (deadLetter.Id, deadLetter.Reason));
        Assert.InRange(deadLetter.At - stopped, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Deliver_JobOlderThanTheOnlyInstance_CountsTheGracePeriodFromItsStart()
    {
        var id = await _knower.EnqueueAsync();
        _knower.Time.Advance(TimeSpan.FromHours(5));
        await using var late = Stranger();

        Assert.IsType<DeliveryResult.Deferred>(await late.DeliverAsync());
        _knower.AdvanceToNextMessage();

        Assert.IsType<DeliveryResult.Succeeded>(await _knower.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await _knower.StateAsync(id));
    }

    [Fact]
    public async Task Deliver_RetryingJob_KeepsItsAttemptsAndCountsTheGracePeriodFromTheRetry()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        _knower.Script.Throws(new IOException("unplugged"));
        var id = await _knower.EnqueueAsync(new JobRequest
        {
            Type = ScriptedJob.Type,
            Backoff = new BackoffOverride { Kind = BackoffKind.Fixed, Base = TimeSpan.FromHours(1), Cap = TimeSpan.FromHours(1) },
        });
        await _knower.DeliverAsync();
        _knower.Time.Advance(TimeSpan.FromHours(1));
        await _knower.Heartbeat.WriteAsync(Kind, Token);

        var left = Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());

        Assert.InRange(left.PutBackUntil!.Value - _knower.Now, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.25));
        Assert.Equal((JobState.Retrying, 1), ((await _knower.StatusAsync(id)).State, (await _knower.StatusAsync(id)).Attempt));
        _knower.Script.Returns(JobOutcome.Success());
        _knower.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await _knower.DeliverAsync());
        Assert.Equal([(id, 1), (id, 2)], _knower.Script.Starts);
    }

    [Fact]
    public async Task Deliver_Pack_SendsASeparateMessageForEachUnknownPart()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        var requests = Enumerable.Repeat(new JobRequest { Type = QuickJob.Type }, 5).ToList();
        var ids = (await _knower.Client.EnqueueManyAsync(requests, Token)).Select(job => job.Id);

        var result = await _stranger.DeliverAsync();

        Assert.True(result.IsLeftToOthers);
        Assert.Equal(5, _stranger.Messages());
        _knower.AdvanceToNextMessage();
        _knower.Time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
            await _knower.DeliverOneAsync();
        Assert.All(await Task.WhenAll(ids.Select(_knower.StateAsync)), state => Assert.Equal(JobState.Succeeded, state));
    }

    [Fact]
    public async Task Deliver_ForeignMessageWithAKey_ReservesTheKeyBeforeItIsLeft()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        const string text = """{ "type": "mail.send", "key": "order-7", "payload": { "to": "ada" } }""";
        await _stranger.DropAsync(text);
        Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());
        await _stranger.DropAsync(text);

        var duplicate = Assert.IsType<DeliveryResult.Superseded>(await _stranger.DeliverAsync());
        Assert.Contains("duplicate", duplicate.Why, StringComparison.Ordinal);

        _knower.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await _knower.DeliverAsync());
        Assert.Single(_knower.Script.Starts);
        Assert.Equal(0, _stranger.Messages());
    }

    [Fact]
    public async Task Deliver_JobThatIsNotDue_WaitsForItsDueTimeFirst()
    {
        await _stranger.DropAsync($$"""{ "type": "mail.new", "notBefore": "{{_stranger.Now.AddHours(3):O}}" }""");

        var result = Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());

        Assert.Equal((DeferralReason.NotDue, _stranger.Now.AddHours(3)), (result.Reason, result.PutBackUntil ?? _stranger.Now.AddHours(3)));
        _stranger.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(DeferralReason.UnknownType, Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync()).Reason);
    }

    [Fact]
    public async Task Deliver_PastTheDeadlineWithinTheGracePeriod_Expires()
    {
        var id = await _knower.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, ExpiresAt = _knower.Now.AddSeconds(20) });
        DeliveryResult result;
        do
        {
            _stranger.AdvanceToNextMessage();
            result = await _stranger.DeliverAsync();
        }
        while (result is DeliveryResult.Deferred);

        Assert.IsType<DeliveryResult.Expired>(result);
        Assert.Equal((JobState.Expired, _knower.Now), (await _knower.StateAsync(id), (await _knower.StatusAsync(id)).Since));
        Assert.Empty(_stranger.Storage.DeadLetters.All());
    }

    [Fact]
    public async Task Cancel_JobThatWaitsForAHandler_CancelsItOnAnyInstance()
    {
        var id = await _knower.EnqueueAsync();
        await _stranger.DeliverAsync();

        Assert.Equal(CancelOutcome.Cancelled, await _stranger.Client.CancelAsync(id, "not needed", Token));

        _stranger.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Superseded>(await _stranger.DeliverAsync());
        Assert.Equal(0, _stranger.Messages());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deliver_JobWhoseDeadLetterIsMissing_IsLeftToAnInstanceThatKnowsTheCallback(bool isPoison)
    {
        await using var knower = _knower.Another(
            [typeof(ScriptedJob)],
            services => services.AddSingleton(new WorkerIdentity("knower")),
            ("JobPipeline:Jobs:mail.send:OnDeadLetter", "mail.send"));
        await knower.Heartbeat.WriteAsync(Kind, Token);
        knower.Script.Throws(new JobRejectedException("no such customer"));
        var id = await knower.EnqueueAsync();
        var body = (await knower.Storage.Queue.LookAsync(PriorityQueues.Normal, Token)).Front[0].Body;
        knower.Storage.FailsBefore = static call => call == "send to jobs";
        await Assert.ThrowsAsync<IOException>(() => knower.DeliverAsync());
        knower.Storage.FailsBefore = static _ => false;
        if (isPoison)
        {
            await knower.DropAsync(System.Text.Encoding.UTF8.GetString(body.Span), PriorityQueues.PoisonOf(PriorityQueues.Normal));
            await _stranger.DrainPoisonAsync();
        }

        _stranger.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());
        Assert.Empty(_stranger.Storage.DeadLetters.All());

        knower.AdvanceToNextMessage();
        await knower.DeliverAsync();
        Assert.Equal(id, (await knower.OnlyLetterAsync()).Id);
        Assert.NotNull((await knower.RowsAsync(DeadLetterCallbacks.IdFor(id))).Record);
    }

    [Fact]
    public async Task Deliver_JobThatKilledItsWorkers_IsLeftToAnInstanceThatKnowsTheCallback()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        var id = await _knower.EnqueueAsync();
        for (var death = 0; death < 3; death++)
        {
            await using var dying = _knower.Frozen();
            dying.Script.Hangs();
            _ = dying.DeliverAsync();
            _knower.Time.Advance(TestPipeline.Visibility);
        }

        await _knower.Heartbeat.WriteAsync(Kind, Token);
        Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());

        Assert.Equal(JobState.Running, await _knower.StateAsync(id));
        _knower.AdvanceToNextMessage();
        Assert.Equal(DeadLetterReason.KilledItsWorker, Assert.IsType<DeliveryResult.DeadLettered>(await _knower.DeliverAsync()).Reason);
    }

    [Fact]
    public async Task Deliver_UnreadableMessage_IsDeadLetteredAtOnce()
    {
        await _stranger.DropAsync("""{ "type": 7 }""");
        Assert.Equal(DeadLetterReason.Unreadable, Assert.IsType<DeliveryResult.DeadLettered>(await _stranger.DeliverAsync()).Reason);
    }

    [Fact]
    public async Task Deliver_WithAGracePeriodOfZero_DeadLettersAtOnceUnlessALivingInstanceHasAHandler()
    {
        await using var strict = Stranger(("JobPipeline:UnknownTypeGrace", "00:00:00"));
        await strict.DropAsync("""{ "type": "mail.sned" }""");
        Assert.Equal(DeadLetterReason.UnknownType, Assert.IsType<DeliveryResult.DeadLettered>(await strict.DeliverAsync()).Reason);

        // An instance that has just started is noticed, although the rows were read a moment ago.
        strict.Time.Advance(TimeSpan.FromSeconds(1));
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        await _knower.EnqueueAsync();
        Assert.IsType<DeliveryResult.Deferred>(await strict.DeliverAsync());
    }

    [Fact]
    public async Task Deliver_WhileAnInstanceOfAnOlderReleaseLives_IsLeftToIt()
    {
        await _knower.Storage.Instances.PutAsync(
            new Instance { Name = "old", Kind = Kind, StartedAt = _knower.Now, LastHeartbeatAt = _knower.Now.AddHours(1) }, Token);
        await using var strict = Stranger(("JobPipeline:UnknownTypeGrace", "00:00:00"));
        await strict.DropAsync("""{ "type": "mail.sned" }""");
        Assert.IsType<DeliveryResult.Deferred>(await strict.DeliverAsync());
    }

    [Fact]
    public async Task Drain_PoisonMessageOfAnUnknownType_ReturnsItToItsQueue()
    {
        await _stranger.DropAsync(
            """{ "type": "mail.send", "payload": { "to": "ada" } }""", PriorityQueues.PoisonOf(PriorityQueues.Normal));

        await _stranger.DrainPoisonAsync();

        Assert.Empty(_stranger.Storage.DeadLetters.All());
        Assert.Equal((1, 0), (_stranger.Messages(), _stranger.Messages(PriorityQueues.PoisonOf(PriorityQueues.Normal))));
        Assert.IsType<DeliveryResult.Deferred>(await _stranger.DeliverAsync());
        _knower.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await _knower.DeliverAsync());
    }

    [Fact]
    public async Task Explain_WhileNoInstanceHasAHandler_NamesTheTypeAndTheEndOfTheWait()
    {
        await _stranger.DropAsync("""{ "type": "dead-letter.replay" }""");
        var delivery = await _stranger.ReceiveAsync();
        await _stranger.SettleAsync(delivery, await _stranger.Executor.ExecuteAsync(delivery, new DeliveryTerms(Token)));
        var record = (await _stranger.RowsAsync(delivery.DerivedId)).Record!;

        var reason = Assert.Single(await _stranger.Get<WaitReasons>().ExplainAsync(record, Token), reason => reason.Kind == "unknown-type");

        Assert.Equal(JobState.Queued, record.Status.State);
        Assert.Equal(
            "no running instance has a handler for the job type 'dead-letter.replay'; unless one starts, the job becomes a dead letter; "
            + "did you mean 'dead-letters.replay'?",
            reason.Detail);
        Assert.Equal(_stranger.Now.AddMinutes(15), reason.Until);
        _stranger.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.DoesNotContain(await _stranger.Get<WaitReasons>().ExplainAsync(record, Token), reason => reason.Kind == "unknown-type");
    }

    [Fact]
    public async Task Explain_WhileALivingInstanceHasAHandler_DoesNotMentionTheType()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        var id = await _knower.EnqueueAsync();
        var reasons = await _stranger.Get<WaitReasons>().ExplainAsync((await _knower.RowsAsync(id)).Record!, Token);
        Assert.DoesNotContain(reasons, reason => reason.Kind == "unknown-type");
    }

    [Fact]
    public async Task Deliver_ManyJobsOfOneUnknownType_WarnsOnce()
    {
        for (var i = 0; i < 5; i++)
        {
            await _stranger.DropAsync("""{ "type": "mail.sned" }""");
            await _stranger.DeliverAsync();
        }

        Assert.Single(_stranger.Log.Entries, entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Enqueue_TypeOfALivingInstance_UsesItsQueue()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);

        var id = await _stranger.EnqueueAsync(new JobRequest { Type = OtherJob.Type });

        Assert.Equal(PriorityQueues.High, (await _knower.RowsAsync(id)).Record!.Queue);
        Assert.IsType<DeliveryResult.Succeeded>(await _knower.DeliverAsync(PriorityQueues.High));
        Assert.Empty(_stranger.Client.Validate(new JobRequest { Type = OtherJob.Type }));
    }

    [Fact]
    public async Task Enqueue_TypeWhoseInstanceStopped_Throws()
    {
        await _knower.Heartbeat.MarkStoppedAsync(Kind, "done", Token);
        var error = await Assert.ThrowsAsync<UnknownJobTypeException>(() => _stranger.EnqueueAsync(new JobRequest { Type = "mail.sent" }));
        Assert.Contains("did you mean 'mail.send'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeat_OfAnInstanceThatLeftAJob_ReportsItAsWaitingUntilItIsVisibleAgain()
    {
        await _knower.Heartbeat.WriteAsync(Kind, Token);
        await _knower.EnqueueAsync();
        var enqueued = _knower.Now;
        await _stranger.DeliverAsync();

        await _stranger.Heartbeat.WriteAsync(Kind, Token);
        Assert.Equal([new QueueWait(PriorityQueues.Normal, enqueued)], (await InstanceAsync("stranger")).Waiting);

        _stranger.Time.Advance(TimeSpan.FromMinutes(5));
        await _stranger.Heartbeat.WriteAsync(Kind, Token);
        Assert.Empty((await InstanceAsync("stranger")).Waiting);
    }

    [Fact]
    public async Task Heartbeat_OfAStoppedInstance_StillListsItsTypes()
    {
        await _knower.Heartbeat.MarkStoppedAsync(Kind, "done", Token);
        var types = (await InstanceAsync("knower")).JobTypes!;
        Assert.Contains(new KnownJobType(OtherJob.Type, PriorityQueues.High), types);
        Assert.Equal(types.OrderBy(type => type.Type, StringComparer.Ordinal), types);
    }

    public async ValueTask DisposeAsync()
    {
        await _stranger.DisposeAsync();
        await _knower.DisposeAsync();
    }

    private static async Task<int> DeliverUntilEndedAsync(TestPipeline pipeline)
    {
        for (var deliveries = 1; ; deliveries++)
        {
            pipeline.AdvanceToNextMessage(TimeSpan.FromMilliseconds(100));
            if (await pipeline.DeliverAsync() is not DeliveryResult.Deferred)
                return deliveries;
        }
    }

    private TestPipeline Stranger(params (string, string)[] settings) =>
        _knower.Another([typeof(StrangeJob)], services => services.AddSingleton(new WorkerIdentity("stranger")), settings);

    private async Task<Instance> InstanceAsync(string name) =>
        (await _knower.Storage.Instances.ListAsync(Token)).Single(instance => instance.Name == name);
}

/// <summary>The only job that the stranger has a handler for.</summary>
[Job("strange.job")]
internal sealed class StrangeJob : IJobHandler<ScriptedPayload>
{
    public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult(JobOutcome.Success());
}
