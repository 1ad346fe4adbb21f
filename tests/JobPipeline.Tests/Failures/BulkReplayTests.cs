using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.Replays;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Testing;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Failures;

public sealed class BulkReplayTests : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly ReplayScene _scene = new();

    private TestPipeline Pipeline => _scene.Pipeline;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task BulkReplay_ManyDeadLetters_ReplaysEachOnceAndReportsCounts()
    {
        var deadLetters = await KeepAsync(120);
        var bulk = await StartAsync(new DeadLetterFilter());

        Assert.IsType<DeliveryResult.Succeeded>(await RunAsync());

        await AssertEachReplayedOnceAsync(deadLetters);
        Assert.Equal((120, 0, 0), await TallyAsync(bulk));
        var progress = (await Pipeline.RowsAsync(bulk)).Current!.Progress!;
        Assert.Equal((120, 120), (progress.Done, progress.Total));
        Assert.All(Pipeline.Storage.DeadLetters.All(), deadLetter => Assert.Equal(bulk.ToString(), Assert.Single(deadLetter.Replays).By));
    }

    [Fact]
    public async Task BulkReplay_WithAFilter_SkipsTheOthers()
    {
        var wanted = await KeepAsync(5);
        await KeepAsync(5, OtherJob.Type);
        var bulk = await StartAsync(new DeadLetterFilter { Type = ScriptedJob.Type, Reason = DeadLetterReason.PermanentFailure });

        await RunAsync();

        await AssertEachReplayedOnceAsync(wanted);
        Assert.Equal((5, 0, 0), await TallyAsync(bulk));
        Assert.Equal(5, Pipeline.Storage.DeadLetters.All().Count(deadLetter => deadLetter.Replays.Count == 0));
    }

    [Fact]
    public async Task BulkReplay_WithDeadLettersThatCannotBeReplayed_CountsThemAndContinues()
    {
        var fine = await KeepAsync(3);
        var done = await KeepAsync(2);
        foreach (var deadLetter in done)
        {
            await _scene.ReplayedAsync(new ReplayRequest(deadLetter, "ada"));
            await Pipeline.DeliverAsync();
        }

        await KeepAsync(1, "no.such");
        await KeepAsync(1, original: "no json");
        var bulk = await StartAsync(new DeadLetterFilter());

        Assert.IsType<DeliveryResult.Succeeded>(await RunAsync());

        await AssertEachReplayedOnceAsync([.. fine, .. done]);
        Assert.Equal((3, 2, 2), await TallyAsync(bulk));
        Assert.Contains("no handler is registered", Result(await Pipeline.StatusAsync(bulk)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BulkReplay_WhoseReplaysFailAgain_SkipsTheirDeadLetters()
    {
        await KeepAsync(3);
        var bulk = await StartAsync(new DeadLetterFilter());
        Pipeline.Script.Throws(new JobRejectedException("no"));
        await RunAsync();
        while (Pipeline.Storage.Queue.HasVisible(PriorityQueues.Normal))
            await Pipeline.DeliverAsync();
        Assert.Equal(6, Pipeline.Storage.DeadLetters.All().Count);

        // As if the first run had been interrupted: the second one reads every dead letter again.
        var again = await Pipeline.Client.EnqueueAsync(
            JobRequest.For(BulkReplayJob.Type, new BulkReplayPayload { Until = bulk.Timestamp.AddTicks(1), PerSecond = 1000 }), Token);
        await RunAsync();

        Assert.Equal(0, Pipeline.Messages());
        Assert.Equal((0, 3, 0), await TallyAsync(again.Id));
    }

    [Fact]
    public async Task BulkReplay_WithARate_NeverExceedsIt()
    {
        const int perSecond = 4;
        await KeepAsync(30);
        await StartAsync(new DeadLetterFilter(), perSecond);

        await RunAsync();

        var moments = Pipeline.Storage.DeadLetters.All().Select(deadLetter => Assert.Single(deadLetter.Replays).At).Order().ToList();
        Assert.All(moments.Zip(moments.Skip(perSecond)), pair =>
            Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1), $"{perSecond + 1} replays within a second"));
        Assert.InRange(moments[^1] - moments[0], TimeSpan.FromSeconds(7.25), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task BulkReplay_LongerThanItsTimeSlice_SnoozesWithoutUsingAnAttemptAndContinues()
    {
        var deadLetters = await KeepAsync(200);
        var bulk = await StartAsync(new DeadLetterFilter(), perSecond: 1);

        var first = await RunAsync();

        Assert.IsType<DeliveryResult.Snoozed>(first);
        var replayed = Pipeline.Storage.DeadLetters.All().Count(deadLetter => deadLetter.Replays.Count > 0);
        Assert.InRange(replayed, 110, 130);
        Assert.IsType<DeliveryResult.Succeeded>(await RunAsync());
        var rows = await Pipeline.RowsAsync(bulk);
        Assert.Equal((1, 200), (rows.Current!.Number, rows.Current.Progress!.Done));
        Assert.All(deadLetters, deadLetter =>
            Assert.Contains(Pipeline.Storage.DeadLetters.All(), kept => kept.Id == deadLetter && kept.Replays.Count == 1));
    }

    /// <summary>Fails each of the concurrent storage calls.</summary>
    [Theory]
    [InlineData("send to jobs")]
    [InlineData("write Queued")]
    [InlineData("write replays")]
    public async Task BulkReplay_ThatIsInterrupted_FinishesItsReplaysWithoutASecondJob(string call)
    {
        var deadLetters = await KeepAsync(20);
        var bulk = await StartAsync(new DeadLetterFilter());
        var calls = 0;
        Pipeline.Storage.FailsAfter = made => made == call && ++calls is > 2 and <= 10;
        Assert.IsType<DeliveryResult.Failed>(await RunAsync());
        Pipeline.Storage.FailsAfter = static _ => false;
        Pipeline.Time.Advance(TimeSpan.FromMinutes(1));

        await RunUntilEndedAsync(bulk);

        await AssertEachReplayedOnceAsync(deadLetters);
        Assert.Equal((20, 0, 0), await TallyAsync(bulk));
    }

    [Fact]
    public async Task BulkReplay_ThatIsCancelled_Stops()
    {
        await KeepAsync(50);
        var bulk = await StartAsync(new DeadLetterFilter(), perSecond: 1);
        var running = Pipeline.DeliverAsync();
        Pipeline.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(CancelOutcome.Requested, await Pipeline.Client.CancelAsync(bulk, "enough", Token));
        await RunAsync(running);

        Assert.Equal(JobState.Cancelled, await Pipeline.StateAsync(bulk));
        var replayed = Pipeline.Storage.DeadLetters.All().Count(deadLetter => deadLetter.Replays.Count > 0);
        Assert.InRange(replayed, 3, 40);
        Assert.Equal(replayed, (await Pipeline.RowsAsync(bulk)).Current!.Progress!.Done);
        var jobs = (await JobsAsync()).Select(job => job.Id).ToHashSet();
        Assert.All(Pipeline.Storage.DeadLetters.All().SelectMany(deadLetter => deadLetter.Replays),
            replay => Assert.Contains(replay.Job, jobs));
    }

    [Fact]
    public async Task Count_WithAFilter_ReturnsWhatWouldBeReplayed()
    {
        await KeepAsync(4);
        var done = await KeepAsync(1);
        await _scene.ReplayedAsync(new ReplayRequest(done[0], "ada"));
        await KeepAsync(2, OtherJob.Type);
        await KeepAsync(1, original: "no json", type: null);

        var counts = await _scene.Bulk.CountAsync(new DeadLetterFilter(), Token);

        Assert.Equal((7, true), (counts.Total, counts.IsExact));
        Assert.Equal((4, 2, 1), (counts.ByType[ScriptedJob.Type], counts.ByType[OtherJob.Type], counts.ByType[""]));
        Assert.Equal(7, counts.ByReason[DeadLetterReason.PermanentFailure]);
    }

    [Fact]
    public async Task Count_WithManyTypes_IsBounded()
    {
        for (var i = 0; i < 150; i++)
            await KeepAsync(1, $"type{i}");

        var counts = await _scene.Bulk.CountAsync(new DeadLetterFilter(), Token);

        Assert.Equal(101, counts.ByType.Count);
        Assert.Equal(50, counts.ByType[DeadLetterCounts.Others]);
    }

    [Fact]
    public async Task Purge_WithAFilter_RemovesMatchesInSteps()
    {
        await KeepAsync(1100);
        var kept = await KeepAsync(3, OtherJob.Type);
        var purge = Pipeline.Get<DeadLetterPurge>();

        var first = await purge.StepAsync(new DeadLetterFilter { Type = ScriptedJob.Type }, null, "ada", Token);
        var second = await purge.StepAsync(new DeadLetterFilter { Type = ScriptedJob.Type }, first.Next, "ada", Token);

        Assert.Equal((DeadLetterPurge.MaxStep, true), (first.Removed, first.Next is not null));
        Assert.Equal((100, true), (second.Removed, second.Next is null));
        Assert.Equal(kept.Order(), Pipeline.Storage.DeadLetters.All().Select(deadLetter => deadLetter.Id));
    }

    private async Task<JobId[]> KeepAsync(int count, string? type = ScriptedJob.Type, string? original = null)
    {
        Pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        var ids = Enumerable.Range(0, count).Select(_ => JobId.Create(Pipeline.Now)).ToArray();
        foreach (var id in ids)
        {
            await Pipeline.Storage.DeadLetters.AddAsync(
                new DeadLetter
                {
                    Id = id,
                    Reason = DeadLetterReason.PermanentFailure,
                    Detail = "no",
                    At = Pipeline.Now,
                    Queue = PriorityQueues.Normal,
                    Type = type,
                    Original = ReplayScene.Bytes(
                        original ?? $$"""{ "jobId": "{{id}}", "type": "{{type}}", "payload": { "to": "{{id}}" } }"""),
                },
                Token);
        }

        return ids;
    }

    private async Task<JobId> StartAsync(DeadLetterFilter filter, int perSecond = BulkReplays.MaxPerSecond)
    {
        Pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        return await _scene.Bulk.StartAsync(filter, perSecond, "ada", Token);
    }

    /// <summary>Delivers the next message and lets time pass until it has been dealt with.</summary>
    private Task<DeliveryResult> RunAsync() => RunAsync(Pipeline.DeliverAsync());

    private async Task<DeliveryResult> RunAsync(Task<DeliveryResult> running)
    {
        for (var i = 0; i < 100_000 && !running.IsCompleted; i++)
            Pipeline.Time.Advance(Step);
        Assert.True(running.IsCompleted, "the run does not end");
        return await running;
    }

    private async Task RunUntilEndedAsync(JobId bulk)
    {
        while (!(await Pipeline.StateAsync(bulk)).IsTerminal())
        {
            Pipeline.AdvanceToNextMessage();
            await RunAsync();
        }
    }

    private async Task AssertEachReplayedOnceAsync(IReadOnlyCollection<JobId> deadLetters)
    {
        var records = await Task.WhenAll((await JobsAsync()).Select(async job => (await Pipeline.RowsAsync(job.Id)).Record!));
        Assert.Equal(deadLetters.Order(), records.Select(record => record.Spec.ReplayOf).OfType<JobId>().Order());
        foreach (var replay in records.Where(record => record.Spec.ReplayOf is not null))
            Assert.Equal(replay.Id, Assert.Single((await Pipeline.LetterAsync(replay.Spec.ReplayOf!.Value))!.Replays).Job);
    }

    private async Task<List<JobSummary>> JobsAsync()
    {
        var list = new InMemoryJobList(Pipeline.Storage.Store);
        var jobs = new List<JobSummary>();
        JobId? before = null;
        do
        {
            var page = await list.ListAsync(
                new JobFilter(DateTimeOffset.UnixEpoch, Pipeline.Now.AddDays(1)),
                before,
                IJobList.MaxLimit,
                Token);
            jobs.AddRange(page.Jobs);
            before = page.Next;
        }
        while (before is not null);
        return jobs;
    }

    private async Task<(long Replayed, long Already, long Refused)> TallyAsync(JobId bulk)
    {
        var tally = System.Text.Json.JsonSerializer.Deserialize<BulkReplayTally>(
            (await Pipeline.StatusAsync(bulk)).Result.Span,
            JobJson.Options)!;
        return (tally.Replayed, tally.AlreadyReplayed, tally.Refused);
    }

    private static string Result(JobStatus status) => System.Text.Encoding.UTF8.GetString(status.Result.Span);
}
