using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IDeadLetterStore"/>.</summary>
public abstract class DeadLetterStoreConformance : Suite
{
    protected abstract IDeadLetterStore Store { get; }

    [Fact]
    public async Task Add_EveryField_IsReadAsWritten()
    {
        var deadLetter = Samples.Letter(Samples.NewId());

        await Store.AddAsync(deadLetter, Token);

        Assert.Equal(Samples.Text(deadLetter with { Version = null }), await ReadTextAsync(deadLetter.Id));
        Assert.Equal(Samples.Text(DeadLetterSummary.Of(deadLetter)), Samples.Text(Assert.Single((await ListAsync(10)).DeadLetters)));
    }

    [Fact]
    public async Task Add_OnlyWhatIsRequired_IsReadAsWritten()
    {
        var deadLetter = new DeadLetter
        {
            Id = Samples.NewId(),
            Reason = DeadLetterReason.Unreadable,
            Detail = "",
            At = Samples.Now,
            Queue = PriorityQueues.Normal,
        };

        await Store.AddAsync(deadLetter, Token);

        Assert.Equal(Samples.Text(deadLetter with { Version = null }), await ReadTextAsync(deadLetter.Id));
    }

    [Fact]
    public async Task Add_Again_ChangesNothing()
    {
        var deadLetter = Samples.Letter(Samples.NewId());
        var bare =
            new DeadLetter { Id = deadLetter.Id, Reason = DeadLetterReason.Poison, Detail = "again", At = Samples.Now,
                Queue = PriorityQueues.Low };

        await Store.AddAsync(deadLetter, Token);
        await Store.AddAsync(bare, Token);

        Assert.Equal(Samples.Text(deadLetter with { Version = null }), await ReadTextAsync(deadLetter.Id));
    }

    [Fact]
    public async Task Add_LargestMessage_IsStoredByteForByte()
    {
        var original = new byte[64 * 1024];
        new Random(1).NextBytes(original);
        var deadLetter = Samples.Letter(Samples.NewId()) with { Original = original };

        await Store.AddAsync(deadLetter, Token);

        Assert.Equal(original, (await Store.ReadAsync(deadLetter.Id, Token))!.Original.ToArray());
    }

    [Fact]
    public async Task Read_Unknown_IsNull() => Assert.Null(await Store.ReadAsync(Samples.NewId(), Token));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(1000, 12)]
    public async Task List_ManyDeadLetters_ReturnsNewestFirstUpToTheLimit(int max, int expected)
    {
        // Across a day's and a year's end, where partitions change.
        TimeSpan[] ages =
        [
            .. Enumerable.Range(0, 6).Select(i => TimeSpan.FromMilliseconds(i)),
            .. Enumerable.Range(1, 6).Select(i => TimeSpan.FromDays(i * 20)),
        ];
        var ids = ages.Select(age => JobId.Create(Samples.Now.AddDays(60) - age)).ToArray();
        await Task.WhenAll(ids.Reverse().Select(id => Store.AddAsync(Samples.Letter(id), Token)));

        var page = await ListAsync(max);

        Assert.Equal(ids.Take(expected), page.DeadLetters.Select(deadLetter => deadLetter.Id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(IDeadLetterStore.MaxLimit)]
    public async Task List_PageByPage_ShowsEachOnceNewestFirst(int limit)
    {
        var ids = await AddAsync(12, i => TimeSpan.FromHours(7 * i * i));

        Assert.Equal(ids, (await AllAsync(new DeadLetterFilter(), limit)).Select(deadLetter => deadLetter.Id));
    }

    [Fact]
    public async Task List_ByEachFilterAndByAll_ReturnsMatches()
    {
        var plain = await AddAsync(Letter(1));
        var reason = await AddAsync(Letter(2) with { Reason = DeadLetterReason.Poison });
        var type = await AddAsync(Letter(3) with { Type = "it's" });
        var untyped = await AddAsync(Letter(4) with { Type = null, ErrorGroup = null });
        var grouped = await AddAsync(Letter(5) with { ErrorGroup = "ffff" });
        var replayed = await AddAsync(Letter(6) with { Replays = [new Replay(Samples.NewId(), Samples.Now, "somebody")] });
        var all = await AddAsync(
            Letter(7) with
            {
                Type = "it's",
                Reason = DeadLetterReason.Poison,
                ErrorGroup = "ffff",
                Replays = [new Replay(Samples.NewId(), Samples.Now, "somebody")],
            });

        await AssertAsync(new DeadLetterFilter(), plain, reason, type, untyped, grouped, replayed, all);
        await AssertAsync(new DeadLetterFilter { Reason = DeadLetterReason.Poison }, reason, all);
        await AssertAsync(new DeadLetterFilter { Type = "it's" }, type, all);
        await AssertAsync(new DeadLetterFilter { Type = "nobody's" });
        await AssertAsync(new DeadLetterFilter { ErrorGroup = "ffff" }, grouped, all);
        await AssertAsync(new DeadLetterFilter { IsReplayed = true }, replayed, all);
        await AssertAsync(new DeadLetterFilter { IsReplayed = false }, plain, reason, type, untyped, grouped);
        await AssertAsync(
            new DeadLetterFilter
            {
                Type = "it's",
                Reason = DeadLetterReason.Poison,
                ErrorGroup = "ffff",
                IsReplayed = true,
                From = Samples.Now.AddDays(-1),
                To = Samples.Now.AddDays(1),
            },
            all);
    }

    [Fact]
    public async Task List_ByTime_IncludesFromAndExcludesTo()
    {
        var before = await AddAsync(Letter(1) with { At = Samples.Now.AddTicks(-1) });
        var from = await AddAsync(Letter(2) with { At = Samples.Now });
        var within = await AddAsync(Letter(3) with { At = Samples.Now.AddHours(1) });
        var to = await AddAsync(Letter(4) with { At = Samples.Now.AddHours(2) });

        await AssertAsync(new DeadLetterFilter { From = Samples.Now, To = Samples.Now.AddHours(2) }, from, within);
        await AssertAsync(new DeadLetterFilter { From = Samples.Now }, from, within, to);
        await AssertAsync(new DeadLetterFilter { To = Samples.Now }, before);
        await AssertAsync(new DeadLetterFilter { To = DateTimeOffset.MaxValue }, before, from, within, to);
    }

    [Fact]
    public async Task List_OfJobsThatWaitedLong_OrdersByDeadLetterTime()
    {
        var old = JobId.Create(Samples.Now.AddDays(-40));
        await Store.AddAsync(Samples.Letter(old) with { At = Samples.Now, Replays = [] }, Token);

        await AssertAsync(new DeadLetterFilter { From = Samples.Now.AddHours(-1), To = Samples.Now.AddHours(1) }, old);
    }

    [Fact]
    public async Task List_RareMatchAmongMany_IsFoundPageByPage()
    {
        await AddAsync(1200, i => TimeSpan.FromSeconds(20 * i), i => i is 700 or 1199 ? "rare" : "csv.import");

        Assert.Equal(2, (await AllAsync(new DeadLetterFilter { Type = "rare", IsReplayed = false }, 50)).Count);
        Assert.Equal(1198, (await AllAsync(new DeadLetterFilter { Type = "csv.import" }, IDeadLetterStore.MaxLimit)).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(IDeadLetterStore.MaxLimit + 1)]
    public async Task List_LimitOutOfRange_IsRejected(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ListAsync(limit));

    [Fact]
    public async Task WriteReplays_WithCurrentVersion_ChangesOnlyReplays()
    {
        var deadLetter = Letter(1);
        await Store.AddAsync(deadLetter, Token);
        Replay[] replays =
        [
            new Replay(Samples.NewId(), Samples.Now.AddTicks(1), Samples.Awkward) { Type = "other", IsEdited = true },
            new Replay(Samples.NewId(), Samples.Now, "b"),
        ];
        var read = (await Store.ReadAsync(deadLetter.Id, Token))!;

        Assert.True(await Store.TryWriteReplaysAsync(read with { Replays = replays, Detail = "not to be written" }, Token));

        Assert.Equal(Samples.Text(deadLetter with { Replays = replays, Version = null }), await ReadTextAsync(deadLetter.Id));
        Assert.Equal(Samples.Text(replays[1]), Samples.Text(Assert.Single((await ListAsync(10)).DeadLetters).LastReplay));
    }

    [Fact]
    public async Task WriteReplays_WithStaleVersion_IsRejected()
    {
        var id = await AddAsync(Letter(1));
        var read = (await Store.ReadAsync(id, Token))!;
        var first = new Replay(Samples.NewId(), Samples.Now, "first");
        Assert.True(await Store.TryWriteReplaysAsync(read with { Replays = [first] }, Token));

        Assert.False(await Store.TryWriteReplaysAsync(read with { Replays = [new Replay(Samples.NewId(), Samples.Now, "second")] }, Token));

        Assert.Equal([first], (await Store.ReadAsync(id, Token))!.Replays);
    }

    [Fact]
    public async Task WriteReplays_Concurrently_SucceedsOnce()
    {
        var id = await AddAsync(Letter(1));
        var read = (await Store.ReadAsync(id, Token))!;

        var written = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            Task.Run(() => Store.TryWriteReplaysAsync(read with { Replays = [new Replay(Samples.NewId(), Samples.Now, $"{i}")] }, Token))));

        Assert.Single(written, done => done);
        Assert.Equal($"{Array.IndexOf(written, true)}", Assert.Single((await Store.ReadAsync(id, Token))!.Replays).By);
    }

    [Fact]
    public async Task WriteReplays_AboveTheLimit_KeepsTheNewest()
    {
        var id = await AddAsync(Letter(1));
        var replays =
            Enumerable.Range(0, DeadLetter.MaxReplays + 3).Select(i => new Replay(Samples.NewId(), Samples.Now, $"{i}")).ToArray();

        Assert.True(await Store.TryWriteReplaysAsync((await Store.ReadAsync(id, Token))! with { Replays = replays }, Token));

        Assert.Equal(replays[3..], (await Store.ReadAsync(id, Token))!.Replays);
    }

    [Fact]
    public async Task WriteReplays_OfARemovedDeadLetter_IsRejected()
    {
        var id = await AddAsync(Letter(1));
        var read = (await Store.ReadAsync(id, Token))!;
        Assert.True(await Store.RemoveAsync(id, Token));

        Assert.False(await Store.TryWriteReplaysAsync(read, Token));

        Assert.Null(await Store.ReadAsync(id, Token));
    }

    [Fact]
    public async Task Remove_OfADeadLetter_KeepsTheOthersAndReturnsWhetherItExisted()
    {
        var id = await AddAsync(Letter(1));
        var other = await AddAsync(Letter(2));

        Assert.True(await Store.RemoveAsync(id, Token));
        Assert.False(await Store.RemoveAsync(id, Token));

        Assert.Null(await Store.ReadAsync(id, Token));
        await AssertAsync(new DeadLetterFilter(), other);
    }

    /// <summary>Newest first.</summary>
    protected async Task<JobId[]> AddAsync(int count, Func<int, TimeSpan> age, Func<int, string>? type = null)
    {
        var ids = Enumerable.Range(0, count).Select(i => JobId.Create(Samples.Now - age(i))).ToArray();
        await Parallel.ForAsync(0, count, Token, async (i, token) =>
            await Store.AddAsync(
                Samples.Letter(ids[i]) with { Type = type?.Invoke(i) ?? "csv.import", At = Samples.Now - age(i), Replays = [] }, token));
        return [.. ids.OrderDescending()];
    }

    private static DeadLetter Letter(int minutes) =>
        Samples.Letter(JobId.Create(Samples.Now.AddMinutes(-minutes))) with { At = Samples.Now, Replays = [] };

    private async Task<JobId> AddAsync(DeadLetter deadLetter)
    {
        await Store.AddAsync(deadLetter, Token);
        return deadLetter.Id;
    }

    private async Task AssertAsync(DeadLetterFilter filter, params JobId[] expected) =>
        Assert.Equal(expected.OrderDescending(), (await AllAsync(filter, 3)).Select(deadLetter => deadLetter.Id));

    protected async Task<List<DeadLetterSummary>> AllAsync(DeadLetterFilter filter, int limit)
    {
        var all = new List<DeadLetterSummary>();
        JobId? before = null;
        for (var calls = 0; calls < 1000; calls++)
        {
            var page = await Store.ListAsync(filter, before, limit, Token);
            Assert.InRange(page.DeadLetters.Count, 0, limit);
            all.AddRange(page.DeadLetters);
            if (page.Next is null)
                return all;
            Assert.True(before is null || page.Next < before, "the cursor did not advance");
            before = page.Next;
        }

        Assert.Fail("the list has no end");
        return all;
    }

    private Task<DeadLetterPage> ListAsync(int limit) => Store.ListAsync(new DeadLetterFilter(), before: null, limit, Token);

    private async Task<string> ReadTextAsync(JobId id) =>
        Samples.Text(await Store.ReadAsync(id, Token) is { } deadLetter ? deadLetter with { Version = null } : null);
}
