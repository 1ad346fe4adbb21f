using JobPipeline.AzureStorage.Jobs;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>The cost of a job list in storage requests.</summary>
[Slow]
public sealed class TableJobListTests(AzuriteFixture azurite) : Suite
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);
    private static readonly JobFilter Month = new(Now.AddDays(-30), Now.AddMinutes(5));

    private readonly RequestProbe _probe = new();

    [Theory]
    [InlineData(10)]
    [InlineData(720)]
    public async Task List_NewestOfAnyHistory_CostsTheSame(int hours)
    {
        var list = await ListOfAsync(
            [
                .. Enumerable.Range(0, 12).SelectMany(i => Enumerable.Repeat(Now.AddMinutes(-i), 5)),
                .. Enumerable.Range(1, hours).Select(i => Now.AddHours(-i)),
            ]);

        var page = await list.ListAsync(Month, null, 50, Token);

        Assert.Equal(50, page.Jobs.Count);
        Assert.Single(_probe.Requests);
    }

    [Fact]
    public async Task List_OfAnEmptyMonth_NeedsFewRequests()
    {
        var list = await ListOfAsync([Now.AddDays(-29)]);

        var page = await list.ListAsync(Month, null, 50, Token);

        Assert.Single(page.Jobs);
        Assert.Null(page.Next);
        Assert.InRange(_probe.Requests.Count, 2, 15);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(2400)]
    public async Task List_NewestOfABusyHour_ReadsEachSliceOnce(int jobs)
    {
        var list = await ListOfAsync([.. Enumerable.Range(0, jobs).Select(i => Now.AddMilliseconds(-i * 100))]);

        var page = await list.ListAsync(Month, null, 50, Token);

        Assert.Equal(50, page.Jobs.Count);
        // The hour, which does not fit in one response, and its slices.
        Assert.Equal(17, _probe.Requests.Count);
        Assert.NotNull(page.Next);
    }

    [Fact]
    public async Task List_RareStateBehindManyJobs_LetsTheServiceFilter()
    {
        var list = await ListOfAsync([.. Enumerable.Range(0, 1500).Select(i => Now.AddMilliseconds(-i * 100))]);

        var page = await list.ListAsync(Month with { State = JobState.DeadLettered }, null, 50, Token);

        Assert.Empty(page.Jobs);
        Assert.Null(page.Next);
        Assert.InRange(_probe.Requests.Count, 2, 15);
    }

    [Fact]
    public async Task List_RareTagInBusyHours_StopsAtTheLimitAndContinuesFromThere()
    {
        // Six hours, each with more than one response of jobs, and the only match in the last one.
        var moments = Enumerable.Range(0, 6)
            .SelectMany(hour => Enumerable.Range(0, 520).Select(i => Now.AddHours(-hour).AddMilliseconds(-i * 37)))
            .ToArray();
        var rare = moments[^1];
        var list = await ListOfAsync(moments, at => at == rare ? ["rare"] : []);

        var (calls, found) = (0, new List<JobSummary>());
        JobId? before = null;
        do
        {
            _probe.Forget();
            var page = await list.ListAsync(Month with { Tag = "rare" }, before, 50, Token);
            Assert.InRange(_probe.Requests.Count, 1, JobListScan.MaxRequests);
            found.AddRange(page.Jobs);
            before = page.Next;
            calls++;
        }
        while (before is not null);

        Assert.Equal(rare.ToUnixTimeMilliseconds(), Assert.Single(found).Id.Timestamp.ToUnixTimeMilliseconds());
        Assert.InRange(calls, 2, 6);
    }

    [Fact]
    public async Task List_WhenTheServiceReturnsAnEmptyPage_Continues()
    {
        var list = await ListOfAsync([.. Enumerable.Range(0, 100).Select(i => Now.AddMilliseconds(-i * 300))]);
        // As after five seconds of scanning: an empty response with a continuation token.
        _probe.ReplaceAnswer = request => Uri.UnescapeDataString(request.Uri.Query).Contains("State eq", StringComparison.Ordinal)
            ? new StoppedAnswer()
            : null;

        var page = await list.ListAsync(Month with { State = JobState.Queued }, null, 50, Token);

        Assert.Equal(1 + (2 * JobId.Slices), _probe.Requests.Count);
        Assert.Equal(50, page.Jobs.Count);
        Assert.Equal(page.Jobs[^1].Id, page.Next);
        Assert.Equal(page.Jobs.OrderByDescending(job => job.Id), page.Jobs);
    }

    [Fact]
    public async Task ListChildren_OfAParentAmongThousandsOfTheSameTime_IsOneRequest()
    {
        var list = await ListOfAsync(Enumerable.Repeat(Now, 1200).ToArray());
        var parent = JobId.Create(Now);

        Assert.Empty(await list.ListChildrenAsync(parent, 100, Token));

        Assert.Single(_probe.Requests);
    }

    private async Task<TableJobList> ListOfAsync(IReadOnlyCollection<DateTimeOffset> moments, Func<DateTimeOffset, string[]>? tags = null)
    {
        var options = azurite.NewOptions();
        var clients = _probe.Connect(options);
        await new StorageSetup(clients).EnsureAsync("test", Token);
        var store = new TableJobStore(clients.Table(StorageNames.Jobs));
        await Task.WhenAll(moments.Select(at => store.ApplyAsync(
            JobTransition.Enqueue(
                JobRecord.Enqueued(JobId.Create(at), PriorityQueues.Normal, Samples.PlainSpec() with { Tags = tags?.Invoke(at) ?? [] },
                    at)),
            Token)));
        _probe.Forget();
        return new TableJobList(clients.Table(StorageNames.Jobs));
    }
}
