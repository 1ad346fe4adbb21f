using JobPipeline.Configuration;
using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Failures;

public sealed class ReplayerTests : IAsyncDisposable
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(5);

    private readonly ReplayScene _scene = new();

    private TestPipeline Pipeline => _scene.Pipeline;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Replay_DeadLetter_CreatesANewJobThatIsLinkedBothWays()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        Pipeline.Time.Advance(Later);

        var job = await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada"));

        Assert.NotEqual(deadLetter, job);
        Assert.Equal(deadLetter, (await _scene.SpecAsync(job)).ReplayOf);
        Assert.Equal(new Replay(job, Pipeline.Now, "ada"), Assert.Single((await Pipeline.LetterAsync(deadLetter))!.Replays));
        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
        Assert.Equal(JobState.Succeeded, await Pipeline.StateAsync(job));
        Assert.Equal("a", ((ScriptedPayload)Pipeline.Script.Payloads[^1]).To);
    }

    [Fact]
    public async Task Replay_DeadLetter_CopiesTheJobExceptForItsTimesAndQueue()
    {
        var request = new JobRequest
        {
            Type = ScriptedJob.Type,
            Payload = ReplayScene.Bytes("""{"to":"a"}"""),
            Key = "once",
            ExpiresAt = Pipeline.Now.AddMinutes(1),
            MaxAttempts = 2,
            Timeout = TimeSpan.FromMinutes(3),
            Backoff = new BackoffOverride { Base = TimeSpan.FromSeconds(1) },
            Tags = ["nightly"],
            CorrelationId = "c1",
            Queue = PriorityQueues.High,
        };
        var deadLetter = await _scene.DeadLetterAsync(request);
        Pipeline.Time.Advance(Later);

        var job = await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada"));

        var original = await _scene.SpecAsync(deadLetter);
        var expected = original with { Key = null, ExpiresAt = null, ReplayOf = deadLetter, EnqueuedAt = Pipeline.Now };
        Assert.Equal(Text(expected), Text(await _scene.SpecAsync(job)));
        Assert.Equal(PriorityQueues.High, (await Pipeline.RowsAsync(job)).Record!.Queue);
        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync(PriorityQueues.High));
    }

    [Fact]
    public async Task Replay_OfAReplayOrACallback_LinksOnlyToTheDeadLetter()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var second = await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada"));
        Pipeline.Script.Throws(new JobRejectedException("no"));
        await Pipeline.DeliverAsync();

        var third = await _scene.ReplayedAsync(new ReplayRequest(second, "ada"));

        Assert.Equal(second, (await _scene.SpecAsync(third)).ReplayOf);
    }

    [Fact]
    public async Task Replay_WithAnEditedPayloadAndType_UsesThose()
    {
        var deadLetter = await _scene.DeadLetterAsync();

        var job = await _scene.ReplayedAsync(
            new ReplayRequest(deadLetter, "ada") { Type = OtherJob.Type, Payload = ReplayScene.Bytes(""" {"to":"b"} """) });

        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
        Assert.Equal(OtherJob.Type, (await _scene.SpecAsync(job)).Type);
        Assert.Equal("b", ((ScriptedPayload)Pipeline.Script.Payloads[^1]).To);
        var replay = Assert.Single((await Pipeline.LetterAsync(deadLetter))!.Replays);
        Assert.Equal((OtherJob.Type, true), (replay.Type, replay.IsEdited));
    }

    [Theory]
    [InlineData("""{"to":7}""", null, "payload.to")]
    [InlineData("""{""", null, "payload")]
    [InlineData(null, "mail.snd", "type")]
    public async Task Replay_WithInvalidEdits_ReturnsAValidationErrorAndStoresNothing(string? payload, string? type, string field)
    {
        var deadLetter = await _scene.DeadLetterAsync();

        var outcome = await _scene.ReplayAsync(
            new ReplayRequest(deadLetter, "ada")
            {
                Payload = payload is null ? null : (ReadOnlyMemory<byte>?)ReplayScene.Bytes(payload),
                Type = type,
            });

        Assert.Equal(field, Assert.Single(Assert.IsType<ReplayOutcome.Refused>(outcome).Errors).Field);
        Assert.Empty((await Pipeline.LetterAsync(deadLetter))!.Replays);
        Assert.Equal(0, Pipeline.Messages());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Replay_UnreadableMessage_RequiresATypeAndAPayload(bool hasType, bool hasPayload)
    {
        await Pipeline.DropAsync("no json");
        await Pipeline.DeliverAsync();
        var deadLetter = (await Pipeline.OnlyLetterAsync()).Id;

        var outcome = await _scene.ReplayAsync(new ReplayRequest(deadLetter, "ada")
        {
            Type = hasType ? ScriptedJob.Type : null,
            Payload = hasPayload ? (ReadOnlyMemory<byte>?)ReplayScene.Bytes("{}") : null,
        });

        var faults = Assert.IsType<ReplayOutcome.Refused>(outcome).Errors;
        Assert.Equal(
            new[] { hasType ? null : "type", hasPayload ? null : "payload" }.OfType<string>(),
            faults.Select(fault => fault.Field));
        Assert.All(faults, fault => Assert.Contains("both 'type' and 'payload'", fault.Message, StringComparison.Ordinal));
        await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada") { Type = ScriptedJob.Type, Payload = ReplayScene.Bytes("{}") });
        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
    }

    [Fact]
    public async Task Replay_LargePayload_CopiesItFromItsBlob()
    {
        var text = new string('x', 60_000);
        var deadLetter = await _scene.DeadLetterAsync(
            new JobRequest { Type = ScriptedJob.Type, Payload = ReplayScene.Bytes($$"""{"to":"{{text}}"}""") });
        Assert.True((await _scene.SpecAsync(deadLetter)).PayloadInBlob);

        await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada"));

        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
        Assert.Equal(text, ((ScriptedPayload)Pipeline.Script.Payloads[^1]).To);
    }

    [Fact]
    public async Task Replay_LargePayloadWithoutItsBlob_ReturnsAValidationError()
    {
        var deadLetter = JobId.Create(Pipeline.Now);
        var spec = new JobSpec { Type = ScriptedJob.Type, PayloadInBlob = true, EnqueuedAt = Pipeline.Now };
        await Pipeline.Storage.DeadLetters.AddAsync(
            new DeadLetter
            {
                Id = deadLetter,
                Reason = DeadLetterReason.InvalidPayload,
                Detail = "",
                At = Pipeline.Now,
                Queue = PriorityQueues.Normal,
                Original = JobMessageWriter.Write(deadLetter, 1, spec),
            },
            CancellationToken.None);

        var fault = Assert.Single(Assert.IsType<ReplayOutcome.Refused>(await _scene.ReplayAsync(deadLetter)).Errors);

        Assert.Equal("payload", fault.Field);
        Assert.Contains("missing", fault.Message, StringComparison.Ordinal);
        await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada") { Payload = ReplayScene.Bytes("{}") });
    }

    [Fact]
    public async Task Replay_ForgedReference_DoesNotReadAnotherJobsPayload()
    {
        var victim = await _scene.DeadLetterAsync(
            new JobRequest { Type = ScriptedJob.Type, Payload = ReplayScene.Bytes($$"""{"to":"{{new string('x', 60_000)}}"}""") });
        await Pipeline.DropAsync($$"""{ "jobId": "{{victim}}", "type": "{{OtherJob.Type}}", "payloadRef": true }""");
        await Pipeline.DeliverAsync();
        var forged = Pipeline.Storage.DeadLetters.All().Single(deadLetter => deadLetter.Reason == DeadLetterReason.ForgedIdentity);

        Assert.IsType<ReplayOutcome.Refused>(await _scene.ReplayAsync(forged.Id));
    }

    [Fact]
    public async Task Replay_ReplayedDeadLetter_IsRejectedUnlessForced()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var first = await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada"));
        Pipeline.Time.Advance(Later);

        Assert.Equal(first, Assert.IsType<ReplayOutcome.AlreadyReplayed>(await _scene.ReplayAsync(deadLetter, "bob")).Replay.Job);
        Assert.Equal(1, Pipeline.Messages());

        var second = await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "bob") { IsForced = true });
        Assert.Equal([first, second], (await Pipeline.LetterAsync(deadLetter))!.Replays.Select(replay => replay.Job));
        Assert.Equal(2, Pipeline.Messages());
    }

    [Fact]
    public async Task Replay_InterruptedBeforeItsMessage_IsFinishedAfterAWait()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var decided = await InterruptAtAsync("send to jobs", new ReplayRequest(deadLetter, "ada"));

        var busy = Assert.IsType<ReplayOutcome.BeingReplayed>(await _scene.ReplayAsync(deadLetter, "bob"));
        Assert.Equal((decided, Pipeline.Now + Replayer.UnfinishedAfter), (busy.Replay.Job, busy.Until));
        Pipeline.Time.Advance(Replayer.UnfinishedAfter);

        Assert.Equal(decided, await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "bob")));
        Assert.Single((await Pipeline.LetterAsync(deadLetter))!.Replays);
        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
    }

    [Fact]
    public async Task Replay_InterruptedBeforeItsRecord_SendsTheSameMessageAgain()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var decided = await InterruptAtAsync("write Queued", new ReplayRequest(deadLetter, "ada"));
        Pipeline.Time.Advance(Replayer.UnfinishedAfter);

        Assert.Equal(decided, await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "bob")));

        Assert.Equal(2, Pipeline.Messages());
        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
        Assert.IsType<DeliveryResult.Superseded>(await Pipeline.DeliverAsync());
        Assert.Single(Pipeline.Storage.DeadLetters.All());
    }

    [Fact]
    public async Task Replay_InterruptedWithAnEditedPayload_IsFinishedWithItByTheNextRequest()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var edited = new ReplayRequest(deadLetter, "ada") { Payload = ReplayScene.Bytes("""{"to":"edited"}"""), Type = OtherJob.Type };
        var decided = await InterruptAtAsync("write Queued", edited);
        Pipeline.Time.Advance(Replayer.UnfinishedAfter);

        // Bob requests the original payload, but the unfinished replay has an edited one.
        Assert.Equal(decided, Assert.IsType<ReplayOutcome.AlreadyReplayed>(await _scene.ReplayAsync(deadLetter, "bob")).Replay.Job);

        Assert.IsType<DeliveryResult.Succeeded>(await Pipeline.DeliverAsync());
        Assert.IsType<DeliveryResult.Superseded>(await Pipeline.DeliverAsync());
        Assert.Equal("edited", ((ScriptedPayload)Assert.Single(Pipeline.Script.Payloads.Skip(1))).To);
    }

    [Fact]
    public async Task Replay_InterruptedWithAnEditedPayload_IsFinishedByTheSameRequest()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var edited = new ReplayRequest(deadLetter, "ada") { Payload = ReplayScene.Bytes("""{"to":"edited"}""") };
        var decided = await InterruptAtAsync("send to jobs", edited);
        Pipeline.Time.Advance(Replayer.UnfinishedAfter);

        Assert.Equal(decided, await _scene.ReplayedAsync(edited));
    }

    [Fact]
    public async Task Replay_ForcedWhileAnotherIsUnfinished_FinishesThatAndCreatesItsOwn()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var decided = await InterruptAtAsync("send to jobs", new ReplayRequest(deadLetter, "ada"));
        Pipeline.Time.Advance(Replayer.UnfinishedAfter);

        var forced = await _scene.ReplayedAsync(
            new ReplayRequest(deadLetter, "bob") { IsForced = true, Payload = ReplayScene.Bytes("{}") });

        Assert.NotEqual(decided, forced);
        Assert.NotNull((await Pipeline.RowsAsync(decided)).Record);
        Assert.NotNull((await Pipeline.RowsAsync(forced)).Record);
    }

    [Fact]
    public async Task Replay_WhoseRecordMayBeBeyondRetention_IsNotSentAgain()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        await InterruptAtAsync("send to jobs", new ReplayRequest(deadLetter, "ada"));
        Pipeline.Time.Advance(Pipeline.Get<IOptions<JobPipelineOptions>>().Value.Retention);

        Assert.IsType<ReplayOutcome.AlreadyReplayed>(await _scene.ReplayAsync(deadLetter));

        Assert.Equal(0, Pipeline.Messages());
    }

    [Fact]
    public async Task Replay_ByTwoCallersAtOnce_CreatesOneJob()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        ReplayOutcome? other = null;
        Pipeline.Storage.FailsBefore = call =>
        {
            if (call == "write replays" && other is null)
            {
                other = new ReplayOutcome.NotFound();
                // Between the read and the write of the other caller.
                other = _scene.ReplayAsync(deadLetter, "bob").GetAwaiter().GetResult();
            }

            return false;
        };

        var outcome = await _scene.ReplayAsync(deadLetter);

        var won = Assert.IsType<ReplayOutcome.Replayed>(other).Job;
        Assert.Equal(won, Assert.IsType<ReplayOutcome.AlreadyReplayed>(outcome).Replay.Job);
        Assert.Equal(1, Pipeline.Messages());
    }

    [Fact]
    public async Task Replay_WhoseRetriedWriteIsRejectedBecauseTheFirstSucceeded_Continues()
    {
        var deadLetter = await _scene.DeadLetterAsync();
        var storage = Pipeline.Storage;
        var store = new RetryingStore(storage.DeadLetters);
        var replayer = new Replayer(
            store,
            Pipeline.Client,
            storage,
            Pipeline.Time,
            Pipeline.Get<IOptions<JobPipelineOptions>>(),
            new CapturedLogger<Replayer>(Pipeline.Log));

        var job = Assert
            .IsType<ReplayOutcome.Replayed>(
                await replayer.ReplayAsync(new ReplayRequest(deadLetter, "ada"), TestContext.Current.CancellationToken))
            .Job;

        Assert.Equal(job, Assert.Single((await Pipeline.LetterAsync(deadLetter))!.Replays).Job);
        Assert.Equal(1, Pipeline.Messages());
    }

    [Fact]
    public async Task Replay_UnknownDeadLetter_IsNotFound() =>
        Assert.IsType<ReplayOutcome.NotFound>(await _scene.ReplayAsync(JobId.Create(Pipeline.Now)));

    [Fact]
    public async Task Replay_ByALongName_TruncatesIt()
    {
        var deadLetter = await _scene.DeadLetterAsync();

        await _scene.ReplayAsync(deadLetter, new string('a', ReplayRequest.MaxByLength - 1) + "😀");

        Assert.Equal(new string('a', ReplayRequest.MaxByLength - 1), Assert.Single((await Pipeline.LetterAsync(deadLetter))!.Replays).By);
    }

    private async Task<JobId> InterruptAtAsync(string call, ReplayRequest request)
    {
        Pipeline.Storage.FailsBefore = made => made == call;
        await Assert.ThrowsAsync<IOException>(() => _scene.ReplayAsync(request));
        Pipeline.Storage.FailsBefore = static _ => false;
        return Assert.Single((await Pipeline.LetterAsync(request.Letter))!.Replays).Job;
    }

    private static string Text(JobSpec spec) => System.Text.Json.JsonSerializer.Serialize(spec);

    /// <summary>
    /// Behaves as a client that repeats a request whose response was lost: the first one succeeded, the second one is rejected.
    /// </summary>
    private sealed class RetryingStore(IDeadLetterStore inner) : IDeadLetterStore
    {
        public Task AddAsync(DeadLetter deadLetter, CancellationToken cancellationToken) => inner.AddAsync(deadLetter, cancellationToken);

        public Task<DeadLetter?> ReadAsync(JobId id, CancellationToken cancellationToken) => inner.ReadAsync(id, cancellationToken);

        public async Task<bool> TryWriteReplaysAsync(DeadLetter deadLetter, CancellationToken cancellationToken)
        {
            await inner.TryWriteReplaysAsync(deadLetter, cancellationToken);
            return await inner.TryWriteReplaysAsync(deadLetter, cancellationToken);
        }

        public Task<DeadLetterPage> ListAsync(DeadLetterFilter filter, JobId? before, int limit, CancellationToken cancellationToken) =>
            inner.ListAsync(filter, before, limit, cancellationToken);

        public Task<bool> RemoveAsync(JobId id, CancellationToken cancellationToken) => inner.RemoveAsync(id, cancellationToken);
    }
}
