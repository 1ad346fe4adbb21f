using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>
/// The contract of the conditions of <see cref="IJobStore"/>; <c>JobStoreConformance.Contents.cs</c> covers the stored contents.
/// </summary>
public abstract partial class JobStoreConformance : Suite
{
    /// <summary>
    /// Every record condition (and no record write) combined with every attempt condition, except for the empty transition.
    /// </summary>
    public static TheoryData<RecordCondition?, bool, AttemptCase?> Conditions => [..
        from record in Enum.GetValues<RecordCondition>().Cast<RecordCondition?>().Prepend(null)
        from isThere in new[] { false, true }
        from attempt in Enum.GetValues<AttemptCase>().Cast<AttemptCase?>().Prepend(null)
        where record is not null || attempt is not null
        select new TheoryDataRow<RecordCondition?, bool, AttemptCase?>(record, isThere, attempt)];

    protected abstract IJobStore Store { get; }

    [Fact]
    public async Task Read_UnknownJob_IsNone()
    {
        var rows = await Store.ReadAsync(Samples.NewId(), Token);

        Assert.Null(rows.Record);
        Assert.Empty(rows.Attempts);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Apply_EveryConditionOfBothRows_IsAllOrNothing(RecordCondition? record, bool recordIsThere, AttemptCase? attempt)
    {
        var id = Samples.NewId();
        if (recordIsThere)
            await ApplyAsync(Enqueue(id));
        var stored = attempt is AttemptCase.Absent or AttemptCase.ReplaceAbsent or null ? null : await StoreAttemptAsync(id);
        var before = await Store.ReadAsync(id, Token);
        var written = WrittenRow(id, attempt, stored);
        var transition = new JobTransition(
            id, record is { } condition ? Write(condition) : null, written is null ? null : new AttemptWrite(written));
        var recordHolds = record switch { RecordCondition.Absent => !recordIsThere, RecordCondition.Present => recordIsThere, _ => true };
        var isExpected = recordHolds && attempt is not (AttemptCase.InsertPresent or AttemptCase.ReplaceStale or AttemptCase.ReplaceAbsent);

        var result = await Store.ApplyAsync(transition, Token);

        Assert.Equal(isExpected, result.Applied);
        var after = await Store.ReadAsync(id, Token);
        if (!isExpected)
        {
            Assert.Equal(Samples.Text(before), Samples.Text(after));
            return;
        }

        if (record is not null)
            Assert.Equal(Samples.Text(transition.Record!.Status), Samples.Text(after.Record!.Status));
        if (written is not null)
            Assert.Equal(Samples.Text(written with { Version = result.AttemptVersion }), Samples.Text(after.Current));
    }

    [Fact]
    public async Task Apply_ConcurrentClaimsOfOneAttempt_OneWins()
    {
        var id = Samples.NewId();
        await ApplyAsync(Enqueue(id));
        var rows = Enumerable.Range(0, 20).Select(_ => Samples.Attempt(id)).ToArray();

        var results = await Task.WhenAll(
            rows.Select(row => Store.ApplyAsync(JobTransition.Claim(row, PriorityQueues.Normal, Samples.PlainSpec()), Token)));

        var winner = Assert.Single(rows.Zip(results), pair => pair.Second.Applied).First;
        var after = await Store.ReadAsync(id, Token);
        Assert.Equal(winner.ClaimId, Assert.Single(after.Attempts).ClaimId);
    }

    [Fact]
    public async Task Apply_ConcurrentTakeoversOfOneVersion_OneWins()
    {
        var id = Samples.NewId();
        await ApplyAsync(Enqueue(id));
        var stored = await StoreAttemptAsync(id);
        var rows = Enumerable.Range(0, 20).Select(_ => stored with { ClaimId = Guid.NewGuid() }).ToArray();

        var results = await Task.WhenAll(rows.Select(row => Store.ApplyAsync(JobTransition.TakeOver(row), Token)));

        var winner = Assert.Single(rows.Zip(results), pair => pair.Second.Applied).First;
        Assert.Equal(winner.ClaimId, (await Store.ReadAsync(id, Token)).Current!.ClaimId);
    }

    [Fact]
    public async Task Apply_ManyJobsOfOnePartition_ReturnsAResultForEach()
    {
        var ids = Enumerable.Range(0, 150).Select(_ => Samples.NewId()).ToArray();
        // Every tenth exists already: its insert must be rejected, and those of its neighbours must not.
        var there = ids.Where((_, index) => index % 10 == 0).ToHashSet();
        await Task.WhenAll(there.Select(id => ApplyAsync(Enqueue(id))));

        var results = await Task.WhenAll(ids.Select(id => Store.ApplyAsync(Enqueue(id), Token)));

        Assert.All(ids.Zip(results), pair => Assert.Equal(!there.Contains(pair.First), pair.Second.Applied));
        Assert.All(await Task.WhenAll(ids.Select(id => Store.ReadAsync(id, Token))), rows => Assert.NotNull(rows.Record));
    }

    [Fact]
    public async Task Apply_CancelledBeforehand_WritesNothing()
    {
        var id = Samples.NewId();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ApplyAsync(Enqueue(id), new CancellationToken(canceled: true)));

        Assert.Null((await Store.ReadAsync(id, Token)).Record);
    }

    private static JobTransition Enqueue(JobId id) =>
        JobTransition.Enqueue(JobRecord.Enqueued(id, PriorityQueues.Normal, Samples.PlainSpec(), Samples.Now));

    private static RecordWrite Write(RecordCondition condition) =>
        condition == RecordCondition.Present
            ? new(condition, Samples.Status())
            : new(condition, Samples.Status(), PriorityQueues.High, Samples.Spec());

    private static Attempt? WrittenRow(JobId id, AttemptCase? attempt, Attempt? stored) => attempt switch
    {
        null => null,
        AttemptCase.Absent or AttemptCase.InsertPresent => Samples.Attempt(id),
        AttemptCase.ReplaceCurrent => Samples.FullAttempt(id) with { Version = stored!.Version },
        AttemptCase.ReplaceStale => Samples.FullAttempt(id) with { Version = Stale },
        _ => Samples.FullAttempt(id) with { Version = Stale },
    };

    /// <summary>A version that is well-formed for every store and never current.</summary>
    private const string Stale = "W/\"datetime'2001-01-01T00%3A00%3A00.0000000Z'\"";

    private async Task<Attempt> StoreAttemptAsync(JobId id)
    {
        var row = Samples.Attempt(id);
        var result = await ApplyAsync(JobTransition.Touch(row));
        return row with { Version = result.AttemptVersion };
    }

    private async Task<TransitionResult> ApplyAsync(JobTransition transition)
    {
        var result = await Store.ApplyAsync(transition, Token);
        Assert.True(result.Applied);
        return result;
    }
}

/// <summary>The attempt write of a transition, and the row that it finds.</summary>
public enum AttemptCase
{
    Absent,
    InsertPresent,
    ReplaceCurrent,
    ReplaceStale,
    ReplaceAbsent,
}
