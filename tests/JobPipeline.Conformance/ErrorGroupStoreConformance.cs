using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IErrorGroupStore"/>.</summary>
public abstract class ErrorGroupStoreConformance : Suite
{
    protected abstract IErrorGroupStore Store { get; }

    [Fact]
    public async Task TryWrite_EveryField_IsReadAndListedAsWritten()
    {
        var group = Full("0123456789abcdef");

        var version = await Store.TryWriteAsync(null, group, Token);

        var read = await Store.ReadAsync(group.Id, Token);
        Assert.NotNull(version);
        Assert.Equal(Samples.Text(group with { Version = version }), Samples.Text(read));
        Assert.Equal(Samples.Text(ErrorGroupSummary.Of(group)), Samples.Text(Assert.Single((await ListAsync()).Groups)));
    }

    [Fact]
    public async Task TryWrite_OnlyWhatIsRequired_IsReadAsWritten()
    {
        var group = Plain(1, Samples.Now);

        var version = await Store.TryWriteAsync(null, group, Token);

        Assert.Equal(Samples.Text(group with { Version = version }), Samples.Text(await Store.ReadAsync(group.Id, Token)));
    }

    [Fact]
    public async Task TryWrite_TheLargestGroup_FitsARow()
    {
        var worst = new string('\u0001', ErrorSample.MaxMessageChars);
        var group = Full("0123456789abcdef") with
        {
            JobTypes = [.. Enumerable.Range(0, ErrorGroup.MaxJobTypes).Select(i => $"{i:d3}{new string('x', 125)}")],
            Days =
            [
                .. Enumerable.Range(0, ErrorGroup.MaxDays)
                    .Select(i => new ErrorDay(new DateOnly(2026, 1, 1).AddDays(i), long.MaxValue / 2)),
            ],
            Samples =
                [.. Enumerable.Range(0, ErrorGroup.MaxSamples).Select(i => new ErrorSample(Samples.NewId(), 100, Samples.Now, worst))],
            Batches = [.. Enumerable.Range(0, ErrorGroup.MaxBatches).Select(i => new ErrorBatchId($"{i:x12}", long.MaxValue - i))],
        };

        Assert.NotNull(await Store.TryWriteAsync(null, group, Token));
        Assert.Equal(Samples.Text(group.Samples), Samples.Text((await Store.ReadAsync(group.Id, Token))!.Samples));
    }

    [Fact]
    public async Task TryWrite_Concurrently_OneWins()
    {
        var group = Plain(1, Samples.Now);
        var first = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Store.TryWriteAsync(null, group, Token)));
        Assert.Single(first, version => version is not null);
        var read = (await Store.ReadAsync(group.Id, Token))!;

        var changes = Enumerable.Range(1, 5).Select(i => read with { Count = i + 1, LastSeenAt = Samples.Now.AddMinutes(i) }).ToArray();
        var versions = await Task.WhenAll(changes.Select(change => Store.TryWriteAsync(read, change, Token)));

        var (winner, version) = Assert.Single(changes.Zip(versions), pair => pair.Second is not null);
        Assert.Equal(Samples.Text(winner with { Version = version }), Samples.Text(await Store.ReadAsync(group.Id, Token)));
        Assert.Equal(winner.LastSeenAt, Assert.Single((await ListAsync()).Groups).LastSeenAt);
    }

    [Fact]
    public async Task TryWrite_OfManyGroupsAtOnce_WritesAll()
    {
        var groups = Enumerable.Range(1, 60).Select(i => Plain(i, Samples.Now.AddSeconds(i))).ToList();

        var versions = await Task.WhenAll(groups.Select(group => Store.TryWriteAsync(null, group, Token)));

        Assert.All(versions, Assert.NotNull);
        var next = groups.Zip(
            versions,
            (group, version) => (
                Before: group with { Version = version },
                After: group with { Count = 2, LastSeenAt = group.LastSeenAt.AddHours(1) }));
        Assert.All(await Task.WhenAll(next.Select(pair => Store.TryWriteAsync(pair.Before, pair.After, Token))), Assert.NotNull);
        Assert.Equal(groups.Select(group => group.Id).Reverse(), (await ListAsync(limit: 200)).Groups.Select(group => group.Id));
    }

    [Fact]
    public async Task Read_Unknown_IsNull()
    {
        Assert.Null(await Store.ReadAsync("0123456789abcdef", Token));
        Assert.Null(await Store.ReadAsync("/\\#?%'", Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(200)]
    public async Task List_PageByPage_ReturnsEachGroupOnceLastSeenFirst(int limit)
    {
        // Two at the same time, and times across the end of a year.
        var seen = Enumerable.Range(0, 8).Select(i => Samples.Now.AddDays(-20 * (i / 2)).AddTicks(-(i % 2))).Append(Samples.Now).ToList();
        var groups = seen.Select((at, i) => Plain(i, at)).ToList();
        await Task.WhenAll(groups.Select(group => Store.TryWriteAsync(null, group, Token)));

        var listed = await AllAsync(new ErrorGroupFilter(), limit);

        Assert.Equal(
            groups.OrderByDescending(group => group.LastSeenAt).ThenBy(group => group.Id, StringComparer.Ordinal).Select(group => group.Id),
            listed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task List_ByEachFilter_ReturnsMatches(int limit)
    {
        var groups = Enumerable.Range(0, 12).Select(i => Plain(i, Samples.Now.AddHours(-i)) with
        {
            State = (ErrorGroupState)(i % 3),
            JobTypes = i % 2 == 0 ? ["csv.import", "mail.send"] : ["mail.send"],
        }).ToList();
        await Task.WhenAll(groups.Select(group => Store.TryWriteAsync(null, group, Token)));
        ErrorGroupFilter[] filters =
        [
            new() { State = ErrorGroupState.Resolved },
            new() { JobType = "csv.import" },
            new() { JobType = "csv" },
            new() { LastSeenBefore = Samples.Now.AddHours(-5) },
            new() { State = ErrorGroupState.Ignored, JobType = "mail.send", LastSeenBefore = Samples.Now.AddHours(-2) },
        ];

        foreach (var filter in filters)
            Assert.Equal(
                groups.Where(group => filter.Matches(ErrorGroupSummary.Of(group))).Select(group => group.Id),
                await AllAsync(filter, limit));
    }

    [Fact]
    public async Task TryRemove_WithCurrentVersion_RemovesOnce()
    {
        var (group, other) = (Plain(1, Samples.Now), Plain(2, Samples.Now));
        await Store.TryWriteAsync(null, group, Token);
        await Store.TryWriteAsync(null, other, Token);
        var read = (await Store.ReadAsync(group.Id, Token))!;
        var changed = read with { Count = 2, LastSeenAt = Samples.Now.AddSeconds(1) };
        changed = changed with { Version = await Store.TryWriteAsync(read, changed, Token) };

        Assert.False(await Store.TryRemoveAsync(read, Token));
        Assert.True(await Store.TryRemoveAsync(changed, Token));
        Assert.False(await Store.TryRemoveAsync(changed, Token));

        Assert.Null(await Store.ReadAsync(group.Id, Token));
        Assert.Null(await Store.TryWriteAsync(changed, changed with { Count = 3 }, Token));
        Assert.Equal([other.Id], (await ListAsync()).Groups.Select(listed => listed.Id));
    }

    private static ErrorGroup Plain(int number, DateTimeOffset lastSeenAt) => new()
    {
        Id = $"{number:x16}",
        Title = "",
        ExceptionType = "System.IO.IOException",
        Count = 1,
        FirstSeenAt = Samples.Now.AddDays(-400),
        LastSeenAt = lastSeenAt,
        FirstRelease = "1.0.0",
        LastRelease = "1.0.0",
    };

    private static ErrorGroup Full(string id) => Plain(0, Samples.Now) with
    {
        Id = id,
        Title = Samples.Awkward,
        JobTypes = ["csv.import", Samples.Awkward],
        State = ErrorGroupState.Open,
        Count = long.MaxValue,
        Days = [new ErrorDay(new DateOnly(2026, 11, 24), 7), new ErrorDay(new DateOnly(2026, 11, 20), 1)],
        LastRelease = Samples.Awkward,
        ResolvedIn = "1.0.0",
        RegressedAt = Samples.Now.AddTicks(1),
        Samples = [new ErrorSample(Samples.NewId(), 3, Samples.Now.AddTicks(2), Samples.Awkward)],
        Batches = [new ErrorBatchId("a", 1), new ErrorBatchId("b", long.MaxValue)],
    };

    private Task<ErrorGroupPage> ListAsync(int limit = 10) => Store.ListAsync(new ErrorGroupFilter(), after: null, limit, Token);

    private async Task<IReadOnlyList<string>> AllAsync(ErrorGroupFilter filter, int limit)
    {
        var ids = new List<string>();
        ErrorGroupPlace? place = null;
        do
        {
            var page = await Store.ListAsync(filter, place, limit, Token);
            Assert.True(page.Groups.Count <= limit);
            ids.AddRange(page.Groups.Select(group => group.Id));
            place = page.Next;
        }
        while (place is not null);
        return ids;
    }
}
