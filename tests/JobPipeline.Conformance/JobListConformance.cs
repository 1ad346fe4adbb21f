using JobPipeline.Jobs;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IJobList"/>.</summary>
public abstract class JobListConformance : Suite
{
    private static readonly DateTimeOffset Start = Samples.Now;

    /// <summary>Lists all jobs.</summary>
    private static readonly JobFilter All = new(Start.AddDays(-40), Start.AddDays(1));

    protected abstract IJobStore Store { get; }

    protected abstract IJobList List { get; }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(IJobList.MaxLimit)]
    public async Task List_JobsOfManyHoursAndSlices_ArePagedNewestFirst(int limit)
    {
        // Several in one millisecond, in all slices of an hour, and hours and days apart.
        var ids = Enumerable.Range(0, 40).Select(i => Start.AddMilliseconds(-100 * i))
            .Concat(Enumerable.Repeat(Start, 5))
            .Concat(Enumerable.Range(1, 12).Select(i => Start.AddHours(-i * i * 5)))
            .Select(JobId.Create).ToArray();
        await AddAsync(ids);

        Assert.Equal(ids.OrderDescending(), (await AllAsync(All, limit)).Select(job => job.Id));
    }

    [Fact]
    public async Task List_MoreJobsInAnHourThanFitAResponse_ArePagedNewestFirst()
    {
        var ids = Enumerable.Range(0, 700).Select(i => JobId.Create(Start.AddMilliseconds(-i * 91))).ToArray();
        await AddAsync(ids);

        Assert.Equal(ids.OrderDescending(), (await AllAsync(All, IJobList.MaxLimit)).Select(job => job.Id));
        Assert.Equal(ids.OrderDescending().Take(3), (await List.ListAsync(All, null, 3, Token)).Jobs.Select(job => job.Id));
    }

    [Fact]
    public async Task List_RareTagInABusyHour_IsFound()
    {
        var ids = Enumerable.Range(0, 700).Select(i => JobId.Create(Start.AddMilliseconds(-i * 91))).ToArray();
        var tagged = ids.Where((_, i) => i is 399 or 698).ToHashSet();
        await AddAsync(ids, id => Samples.PlainSpec() with { Tags = tagged.Contains(id) ? ["other", "rare"] : ["other"] });

        Assert.Equal(tagged.OrderDescending(), (await AllAsync(All with { Tag = "rare" }, 50)).Select(job => job.Id));
    }

    [Fact]
    public async Task List_ByTime_IncludesFromAndExcludesTo()
    {
        var before = JobId.Create(Start.AddMilliseconds(-1));
        var from = JobId.Create(Start);
        var within = JobId.Create(Start.AddHours(2));
        var to = JobId.Create(Start.AddHours(4));
        await AddAsync([before, from, within, to]);

        Assert.Equal([within, from], (await AllAsync(new JobFilter(Start, Start.AddHours(4)), 10)).Select(job => job.Id));
        Assert.Empty((await AllAsync(new JobFilter(Start.AddHours(4), Start), 10)));
    }

    [Fact]
    public async Task List_ByStateTypeAndTag_FiltersByEachAndByAll()
    {
        var queued = Samples.NewId();
        var running = Samples.NewId();
        var other = Samples.NewId();
        await AddAsync([queued, running], id => Samples.PlainSpec() with { Tags = id == running ? ["a"] : ["a", "b"] });
        await AddAsync([other], _ => Samples.PlainSpec() with { Type = "other", Tags = ["b"] });
        await ApplyAsync(JobTransition.Claim(Samples.Attempt(running), PriorityQueues.Normal, Samples.PlainSpec() with { Tags = ["a"] }));

        await AssertAsync(All with { State = JobState.Running }, running);
        await AssertAsync(All with { Type = "csv.import" }, queued, running);
        await AssertAsync(All with { Tag = "b" }, queued, other);
        await AssertAsync(All with { Tag = "b", Type = "other", State = JobState.Queued }, other);
        await AssertAsync(All with { Tag = "ab" });
        await AssertAsync(All with { Type = "it's" });
    }

    [Fact]
    public async Task List_JobsWithAttempts_ReturnsOnlyTheirRecords()
    {
        var id = Samples.NewId();
        await ApplyAsync(JobTransition.Claim(Samples.Attempt(id), PriorityQueues.Normal, Samples.PlainSpec()));
        foreach (var number in Enumerable.Range(2, 5))
            await ApplyAsync(JobTransition.Touch(Samples.FullAttempt(id) with { Number = number }));

        Assert.Equal(id, Assert.Single(await AllAsync(All, 2)).Id);
    }

    [Fact]
    public async Task List_EveryField_IsReadAsWritten()
    {
        var record = new JobRecord(Samples.NewId(), PriorityQueues.High, Samples.Spec(), Samples.Status());
        await ApplyAsync(JobTransition.Enqueue(record));

        Assert.Equal(Samples.Text(JobSummary.Of(record)), Samples.Text(Assert.Single(await AllAsync(All, 10))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(IJobList.MaxLimit + 1)]
    public async Task List_LimitOutOfRange_IsRejected(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => List.ListAsync(All, null, limit, Token));

    [Fact]
    public async Task ListChildren_OfAParentAmongOthersOfTheSameTime_ReturnsOnlyItsOwn()
    {
        var parent = Samples.NewId();
        var stranger = JobId.Create(parent.Timestamp);
        var children = Enumerable.Range(0, 12).Select(i => JobId.ForChild(parent, $"#{i}")).ToArray();
        await AddAsync([parent, stranger, JobId.Create(parent.Timestamp.AddMilliseconds(1))]);
        await AddAsync([JobId.ForChild(stranger, "#1")], _ => Samples.PlainSpec() with { Parent = stranger });
        await AddAsync(
            children,
            id => Samples.PlainSpec() with { Parent = parent, EnqueuedAt = Samples.Now.AddSeconds(Array.IndexOf(children, id)) });
        await ApplyAsync(
            JobTransition.DeadLetter(await ClaimAsync(children[3]), Samples.Error(), Samples.Now, DeadLetterReason.PermanentFailure, "no"));

        var listed = await List.ListChildrenAsync(parent, 100, Token);

        Assert.Equal(children, listed.Select(child => child.Id));
        Assert.Equal(JobState.DeadLettered, listed[3].State);
        Assert.Equal(5, (await List.ListChildrenAsync(parent, 5, Token)).Count);
        Assert.Empty(await List.ListChildrenAsync(children[0], 5, Token));
    }

    protected async Task<List<JobSummary>> AllAsync(JobFilter filter, int limit)
    {
        var all = new List<JobSummary>();
        JobId? before = null;
        for (var calls = 0; calls < 1000; calls++)
        {
            var page = await List.ListAsync(filter, before, limit, Token);
            Assert.InRange(page.Jobs.Count, 0, limit);
            all.AddRange(page.Jobs);
            if (page.Next is null)
                return all;
            Assert.True(before is null || page.Next < before, "the cursor did not advance");
            before = page.Next;
        }

        Assert.Fail("the list has no end");
        return all;
    }

    protected Task AddAsync(IEnumerable<JobId> ids, Func<JobId, JobSpec>? spec = null) => Task.WhenAll(ids.Select(id =>
        ApplyAsync(JobTransition.Enqueue(
            JobRecord.Enqueued(id, PriorityQueues.Normal, spec?.Invoke(id) ?? Samples.PlainSpec(), Samples.Now)))));

    private async Task AssertAsync(JobFilter filter, params JobId[] expected) =>
        Assert.Equal(expected.OrderDescending(), (await AllAsync(filter, 10)).Select(job => job.Id));

    private async Task<Attempt> ClaimAsync(JobId id)
    {
        var row = Samples.Attempt(id);
        var spec = (await Store.ReadAsync(id, Token)).Record!.Spec;
        return row with { Version = (await ApplyAsync(JobTransition.Claim(row, PriorityQueues.Normal, spec))).AttemptVersion };
    }

    private async Task<TransitionResult> ApplyAsync(JobTransition transition)
    {
        var result = await Store.ApplyAsync(transition, Token);
        Assert.True(result.Applied);
        return result;
    }
}
