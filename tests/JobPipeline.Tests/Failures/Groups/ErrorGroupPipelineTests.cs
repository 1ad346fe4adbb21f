using JobPipeline.Execution;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Failures.Groups;

/// <summary>Tests of error groups through the real pipeline, from the failing handler to the stored group.</summary>
public sealed class ErrorGroupPipelineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failures_OfThreeBugs_AreThreeGroups()
    {
        await using var pipeline = Release("1.0.0");
        var bugs = new Dictionary<JobId, int>();
        pipeline.Script.Act = (context, _) => bugs[context.JobId] switch
        {
            0 => LookUp(context.JobId),
            1 => throw new InvalidDataException($"row {bugs.Count} of '{context.JobId}' is torn"),
            _ => throw new JobRejectedException($"order {context.JobId} is closed since {pipeline.Now:O}"),
        };
        for (var i = 0; i < 12; i++)
            bugs[await pipeline.EnqueueAsync()] = i % 3;

        await RunUntilIdleAsync(pipeline);
        await pipeline.Errors.FlushAsync();

        // Three attempts each, except for the rejected jobs.
        var groups = pipeline.Storage.ErrorGroups.Store.All().OrderBy(group => group.ExceptionType, StringComparer.Ordinal).ToList();
        Assert.Equal(
            [
                ("JobPipeline.Handlers.JobRejectedException", 4L),
                ("System.Collections.Generic.KeyNotFoundException", 12L),
                ("System.IO.InvalidDataException", 12L),
            ],
            groups.Select(group => (group.ExceptionType, group.Count)));
        Assert.Equal("JobRejectedException: order <id> is closed since <n>", groups[0].Title);
        Assert.All(groups, group => Assert.Equal([ScriptedJob.Type], group.JobTypes));
        Assert.All(groups, group => Assert.Equal("1.0.0", group.FirstRelease));
        Assert.All(pipeline.Storage.DeadLetters.All(), deadLetter => Assert.Equal(
                groups[
                    bugs[deadLetter.Id] switch
                    {
                        0 => 1,
                        1 => 2,
                        _ => 0,
                    }
                ].Id,
                deadLetter.ErrorGroup));
        foreach (var sample in groups.SelectMany(group => group.Samples))
            Assert.Equal(sample.Message, (await pipeline.RowsAsync(sample.Job)).Attempts[sample.Attempt - 1].Error!.Message);
        Assert.All(await AttemptErrorsAsync(pipeline, bugs.Keys), error => Assert.Contains(groups, group => group.Id == error.Group));
    }

    [Fact]
    public async Task ResolvedGroup_SeenInTheSameReleaseAndALaterOne_ReopensInTheLaterOne()
    {
        await using var old = Release("1.4.0");
        await FailAsync(old);
        var group = Assert.Single(old.Storage.ErrorGroups.Store.All());
        var resolved = await old.ErrorGroups.ResolveAsync(group.Id, "1.4.0", "ada", Token);
        Assert.Equal((ErrorGroupState.Resolved, "1.4.0"), (resolved!.State, resolved.ResolvedIn));

        await FailAsync(old);
        var counted = Assert.Single(old.Storage.ErrorGroups.Store.All());
        Assert.Equal((ErrorGroupState.Resolved, 2L), (counted.State, counted.Count));

        await using var later = old.Another(("JobPipeline:Release", "1.5.0"));
        await FailAsync(later);

        var regressed = Assert.Single(old.Storage.ErrorGroups.Store.All());
        Assert.Equal(
            (true, 3L, "1.4.0", "1.5.0", later.Now),
            (regressed.IsRegression, regressed.Count, regressed.FirstRelease, regressed.LastRelease, regressed.RegressedAt));
        Assert.Single(later.Log.Entries, entry => entry.Event.Id == 1501);
    }

    [Fact]
    public async Task Changes_OfAGroup_AreAuditedAndSurviveCounting()
    {
        await using var pipeline = Release("1.0.0");
        await FailAsync(pipeline);
        var id = Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).Id;

        await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(async i =>
                {
                    await pipeline.ErrorGroups.IgnoreAsync(id, $"ada{i}", Token);
                    await FailAsync(pipeline);
                }));

        Assert.Equal(
            (ErrorGroupState.Ignored, 11L),
            Assert.Single(pipeline.Storage.ErrorGroups.Store.All()) is var group ? (group.State, group.Count) : default);
        Assert.Equal(ErrorGroupState.Open, (await pipeline.ErrorGroups.ReopenAsync(id, "bob", Token))!.State);
        Assert.Contains(pipeline.Log.Entries, entry =>
            entry.Event.Id == 1504
            && entry.Text.StartsWith("ada", StringComparison.Ordinal)
            && entry.Text.Contains("to Ignored", StringComparison.Ordinal));
        Assert.Null(await pipeline.ErrorGroups.IgnoreAsync("0000000000000000", "ada", Token));
    }

    [Fact]
    public async Task Rejections_OfInvalidMessages_AreFewGroups()
    {
        await using var pipeline = Release("1.0.0");
        for (var i = 0; i < 20; i++)
        {
            await pipeline.DropAsync($$"""{ "type": "Foreign.Type{{i}}.{{new string((char)('a' + i), 9)}}" }""");
            await pipeline.DropAsync($$"""{ "type": "mail.send", "payload": { "count": "many {{i}}" } }""");
            await pipeline.DropAsync($$"""{ "typo": {{i}} }""");
        }

        // One whose error has a suggestion: "did you mean …?"
        await pipeline.DropAsync($$"""{ "type": "{{ScriptedJob.Type}}s" }""");

        await RunUntilIdleAsync(pipeline);
        await pipeline.Errors.FlushAsync();

        var groups = pipeline.Storage.ErrorGroups.Store.All().OrderBy(group => group.ExceptionType, StringComparer.Ordinal).ToList();
        Assert.Equal(
            [("InvalidPayload", 20L), ("UnknownType", 21L), ("Unreadable", 20L)],
            groups.Select(group => (group.ExceptionType, group.Count)));
        Assert.Equal([ScriptedJob.Type], groups[0].JobTypes);
        Assert.Empty(groups[1].JobTypes);
        Assert.All(pipeline.Storage.DeadLetters.All(), deadLetter =>
            Assert.Equal(groups.Single(group => group.ExceptionType == deadLetter.Reason.ToString()).Id, deadLetter.ErrorGroup));
    }

    [Fact]
    public async Task Unreadable_DeliveredTwice_CountsOnce()
    {
        await using var pipeline = Release("1.0.0");
        await pipeline.DropAsync("no JSON");

        // It was kept, and its acknowledgement lost.
        await pipeline.Executor.ExecuteAsync(await pipeline.ReceiveAsync(), new DeliveryTerms(Token));
        pipeline.Time.Advance(TestPipeline.Visibility);
        await pipeline.DeliverAsync();
        await pipeline.Errors.FlushAsync();

        Assert.Equal(1, Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).Count);
    }

    [Theory]
    [InlineData("send to jobs", 2)]
    [InlineData("write dead letter", 3)]
    public async Task Failure_WhoseFollowUpFails_CountsOnce(string call, int attempts)
    {
        await using var pipeline = Release("1.0.0");
        pipeline.Script.Throws(new IOException("unplugged"));
        await pipeline.EnqueueAsync();
        for (var attempt = 1; attempt < attempts; attempt++)
        {
            await pipeline.DeliverAsync();
            pipeline.AdvanceToNextMessage();
        }

        pipeline.Storage.FailsBefore = failing => failing == call;
        await Assert.ThrowsAsync<IOException>(
            async () => await pipeline.Executor.ExecuteAsync(await pipeline.ReceiveAsync(), new DeliveryTerms(Token)));
        pipeline.Storage.FailsBefore = static _ => false;
        pipeline.Time.Advance(TestPipeline.Visibility);
        await pipeline.DeliverAsync();
        await pipeline.Errors.FlushAsync();

        Assert.Equal(attempts, Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).Count);
    }

    [Fact]
    public async Task Outcome_WhoseResponseIsLost_CountsOnce()
    {
        await using var pipeline = Release("1.0.0");
        pipeline.Script.Throws(new IOException("unplugged"));
        await pipeline.EnqueueAsync();
        var lost = 0;
        pipeline.Storage.FailsAfter = call => call == "write Retrying" && lost++ == 0;

        var delivering = pipeline.DeliverAsync();
        while (!delivering.IsCompleted)
            pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<DeliveryResult.Failed>(await delivering);
        await pipeline.Errors.FlushAsync();

        Assert.Equal(1, Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).Count);
    }

    [Fact]
    public async Task Outcome_ThatIsRejected_DoesNotCount()
    {
        await using var pipeline = Release("1.0.0");
        await using var stalled = pipeline.Frozen();
        var gate = stalled.Script.Hangs();
        await pipeline.EnqueueAsync();
        var running = stalled.Executor.ExecuteAsync(await pipeline.ReceiveAsync(), new DeliveryTerms(Token));
        pipeline.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());

        gate.SetException(new IOException("too late"));
        Assert.IsType<DeliveryResult.Deferred>(await running.InTime());
        await stalled.Errors.FlushAsync();

        Assert.Empty(pipeline.Storage.ErrorGroups.Store.All());
    }

    [Fact]
    public async Task Success_OfAJob_AccessesNoGroup()
    {
        await using var pipeline = Release("1.0.0");
        await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();
        await pipeline.Errors.FlushAsync();

        Assert.Empty(pipeline.Storage.ErrorGroups.Calls);
    }

    [Fact]
    public async Task Maintenance_OfGroupsNoLongerSeen_RemovesThem()
    {
        await using var pipeline = Release("1.0.0");
        await FailAsync(pipeline);
        pipeline.Time.Advance(TimeSpan.FromDays(20));
        await FailAsync(pipeline, () => throw new InvalidDataException("torn"));
        pipeline.Time.Advance(TimeSpan.FromDays(11));

        await pipeline.Maintenance.RunAsync(pipeline.Now, Token);

        Assert.Equal("System.IO.InvalidDataException", Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).ExceptionType);
        pipeline.Storage.ErrorGroups.Calls.Clear();
        await pipeline.Maintenance.RunAsync(pipeline.Now, Token);
        Assert.Empty(pipeline.Storage.ErrorGroups.Calls);
    }

    private static Task<JobOutcome> LookUp(JobId id) => Task.FromResult(JobOutcome.Success(new Dictionary<JobId, int>()[id]));

    private static TestPipeline Release(string release) => TestPipeline.With(("JobPipeline:Release", release));

    private static async Task FailAsync(TestPipeline pipeline, Func<Task<JobOutcome>>? act = null)
    {
        pipeline.Script.Act = (_, _) => act is null ? throw new IOException("unplugged") : act();
        await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, MaxAttempts = 1 });
        await pipeline.DeliverAsync();
        await pipeline.Errors.FlushAsync();
    }

    private static async Task RunUntilIdleAsync(TestPipeline pipeline)
    {
        while (pipeline.Messages() > 0)
        {
            pipeline.AdvanceToNextMessage();
            await pipeline.DeliverAsync();
        }
    }

    private static async Task<IReadOnlyList<AttemptError>> AttemptErrorsAsync(TestPipeline pipeline, IEnumerable<JobId> jobs)
    {
        var errors = new List<AttemptError>();
        foreach (var job in jobs)
            errors.AddRange((await pipeline.RowsAsync(job)).Attempts.Select(attempt => attempt.Error!));
        return errors;
    }
}
