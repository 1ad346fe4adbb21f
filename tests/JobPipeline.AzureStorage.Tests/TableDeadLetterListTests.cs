using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Tests;

/// <summary>The cost of a dead-letter list in storage requests.</summary>
[Slow]
public sealed class TableDeadLetterListTests(AzuriteFixture azurite) : Suite
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 30, 0, TimeSpan.Zero);

    private readonly RequestProbe _probe = new();

    [Theory]
    [InlineData(60)]
    [InlineData(600)]
    public async Task List_NewestOfAnyHistory_IsOneRequest(int deadLetters)
    {
        var store = await StoreOfAsync(deadLetters);

        var page = await store.ListAsync(new DeadLetterFilter(), null, 50, Token);

        Assert.Equal(50, page.DeadLetters.Count);
        Assert.Single(_probe.Requests);
    }

    [Fact]
    public async Task List_Continued_QueriesOneRangeAtATime()
    {
        var store = await StoreOfAsync(60);
        var first = await store.ListAsync(new DeadLetterFilter(), null, 10, Token);
        _probe.Forget();

        await store.ListAsync(new DeadLetterFilter(), first.Next, 10, Token);

        // The rest of the day, which has fewer than a page, then the days before it.
        Assert.InRange(_probe.Requests.Count, 1, 2);
        Assert.All(
            _probe.Requests,
            request => Assert.DoesNotContain(" or ", Uri.UnescapeDataString(request.Query), StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_WithAnEnd_StartsThere()
    {
        var store = await StoreOfAsync(60);

        await store.ListAsync(new DeadLetterFilter { To = Now.AddDays(-3) }, null, 10, Token);

        Assert.All(_probe.Requests, request => Assert.Contains("PartitionKey", request.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_OfUnreplayed_StopsAtTheLimitAndContinuesFromThere()
    {
        var store = await StoreOfAsync(60);
        var calls = 0;
        JobId? before = null;
        do
        {
            _probe.Forget();
            var page = await store.ListAsync(new DeadLetterFilter { IsReplayed = false, Type = "nobody's" }, before, 10, Token);
            Assert.InRange(_probe.Requests.Count, 1, DeadLetterScan.MaxRequests);
            Assert.Empty(page.DeadLetters);
            before = page.Next;
        }
        while (before is not null && ++calls < 100);

        Assert.InRange(calls, 0, 99);
    }

    [Fact]
    public async Task List_WhenTheServiceReturnsAnEmptyPage_Continues()
    {
        var store = await StoreOfAsync(1300);
        // As after five seconds of scanning: an empty response with a continuation token.
        _probe.ReplaceAnswer = request => Uri.UnescapeDataString(request.Uri.Query).Contains("Type eq", StringComparison.Ordinal)
            ? new StoppedAnswer()
            : null;
        var found = 0;
        var calls = 0;
        JobId? before = null;
        do
        {
            _probe.Forget();
            var page = await store.ListAsync(new DeadLetterFilter { Type = "rare" }, before, 10, Token);
            Assert.InRange(_probe.Requests.Count, 1, DeadLetterScan.MaxRequests);
            found += page.DeadLetters.Count;
            before = page.Next;
        }
        while (before is not null && ++calls < 100);

        Assert.Equal(2, found);
        Assert.InRange(calls, 0, 10);
    }

    /// <summary>Adds dead letters ten hours apart on average; the first and the last have their own job types.</summary>
    private async Task<TableDeadLetterStore> StoreOfAsync(int deadLetters)
    {
        var options = azurite.NewOptions();
        var clients = _probe.Connect(options);
        await new StorageSetup(clients).EnsureAsync("test", Token);
        var store = new TableDeadLetterStore(clients.Table(StorageNames.DeadLetters));
        await Parallel.ForAsync(0, deadLetters, Token, async (i, token) =>
        {
            var at = Now.AddHours(-10 * (i % 60)).AddMilliseconds(-i);
            await store.AddAsync(
                new DeadLetter
                {
                    Id = JobId.Create(at),
                    Reason = DeadLetterReason.Poison,
                    Detail = "",
                    At = at,
                    Queue = PriorityQueues.Normal,
                    Type = i == 0 || i == deadLetters - 1 ? "rare" : "common",
                },
                token);
        });
        _probe.Forget();
        return store;
    }
}
