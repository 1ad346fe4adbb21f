using JobPipeline.AzureStorage.Failures;
using JobPipeline.AzureStorage.Start;
using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.AzureStorage.Tests;

[Slow]
public sealed class TableErrorGroupStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryWrite_OfConcurrentGroups_SharesTransactions()
    {
        var probe = new RequestProbe();
        var options = azurite.NewOptions();
        var clients = probe.Connect(options);
        await new StorageSetup(clients).EnsureAsync("test", Token);
        var store = new TableErrorGroupStore(clients.Table(StorageNames.ErrorGroups));
        probe.Forget();

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => store.TryWriteAsync(null, Group(i), Token)));

        // The first is sent at once, the ones that arrive meanwhile together; two rows each, 100 rows per transaction.
        Assert.InRange(probe.Requests.Count, 1, 5);
        Assert.Equal(probe.Requests.Count, probe.Transactions);
    }

    [Fact]
    public async Task TryWrite_WhoseResponseIsLost_IsRecognizedInTheRow()
    {
        var probe = new RequestProbe();
        var clients = probe.Connect(azurite.NewOptions());
        await new StorageSetup(clients).EnsureAsync("test", Token);
        var store = new TableErrorGroupStore(clients.Table(StorageNames.ErrorGroups));

        // The SDK retries and finds the row that it has written itself.
        probe.LoseAnswers(1);

        Assert.Null(await store.TryWriteAsync(null, Group(1), Token));
        Assert.Equal([new ErrorBatchId("a", 1)], (await store.ReadAsync(Group(1).Id, Token))!.Batches);
    }

    [Fact]
    public async Task List_WithManyMismatches_IsBounded()
    {
        var probe = new RequestProbe();
        var clients = probe.Connect(azurite.NewOptions());
        await new StorageSetup(clients).EnsureAsync("test", Token);
        var store = new TableErrorGroupStore(clients.Table(StorageNames.ErrorGroups));
        await Parallel.ForAsync(0, 1_700, Token, async (i, token) => await store.TryWriteAsync(null, Group(i), token));
        probe.Forget();

        var page = await store.ListAsync(new ErrorGroupFilter { State = ErrorGroupState.Ignored }, after: null, 10, Token);

        Assert.Equal((0, 8), (page.Groups.Count, probe.Requests.Count));
        Assert.Null((await store.ListAsync(new ErrorGroupFilter { State = ErrorGroupState.Ignored }, page.Next!, 10, Token)).Next);
    }

    private static ErrorGroup Group(int number) => new()
    {
        Id = $"{number:x16}",
        Title = "a title",
        ExceptionType = "System.IO.IOException",
        Count = 1,
        FirstSeenAt = Samples.Now,
        LastSeenAt = Samples.Now.AddSeconds(number),
        FirstRelease = "1.0.0",
        LastRelease = "1.0.0",
        Batches = [new ErrorBatchId("a", 1)],
    };
}
