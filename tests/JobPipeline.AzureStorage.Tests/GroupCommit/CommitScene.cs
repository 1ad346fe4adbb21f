using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;

namespace JobPipeline.AzureStorage.Tests.GroupCommit;

/// <summary>A committer on its own table with recorded requests, and a second client that reads the stored rows.</summary>
internal sealed class CommitScene
{
    public const string Partition = "p";

    private CommitScene(RequestProbe probe, TableClient watched, TableClient table) =>
        (Probe, Watched, Table, Committer) = (probe, watched, table, new GroupCommitter(watched));

    public RequestProbe Probe { get; }

    /// <summary>The client under test.</summary>
    public TableClient Watched { get; }

    /// <summary>The table through a client whose requests are not recorded.</summary>
    public TableClient Table { get; }

    public GroupCommitter Committer { get; }

    public static async Task<CommitScene> NewAsync(AzuriteFixture azurite)
    {
        var probe = new RequestProbe();
        var options = azurite.NewOptions();
        var table = AzuriteFixture.Connect(options).Table(StorageNames.Jobs);
        await table.CreateAsync(TestContext.Current.CancellationToken);
        return new CommitScene(probe, probe.Connect(options).Table(StorageNames.Jobs), table);
    }

    /// <summary>
    /// Commits a first group, holds its transaction until <paramref name="rest"/> has queued up behind it, and returns the
    /// tasks of the rest, so that the grouping is deterministic. The probe counts only the requests of the rest.
    /// </summary>
    /// <param name="first">Starts the first group.</param>
    /// <param name="rest">Start the other groups.</param>
    /// <param name="lostAnswers">The number of lost responses to the rest, including the SDK's retries.</param>
    public async Task<Task<T>[]> GatherAsync<T>(Func<Task> first, IEnumerable<Func<Task<T>>> rest, int lostAnswers = 0)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isOut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Probe.BeforeRequest = () =>
        {
            isOut.TrySetResult();
            return gate.Task;
        };
        var leader = first();
        await isOut.Task;
        Task<T>[] followers = [.. rest.Select(start => start())];
        Probe.BeforeRequest = () => Task.CompletedTask;
        Probe.AfterAnswer = () =>
        {
            Probe.AfterAnswer = () => Task.CompletedTask;
            Probe.Forget();
            Probe.LoseAnswers(lostAnswers);
            return Task.CompletedTask;
        };
        gate.SetResult();
        await leader;
        return followers;
    }

    public Task<IReadOnlyList<string>?> CommitAsync(params TableTransactionAction[] actions) =>
        Committer.CommitAsync(Partition, new RowGroup(actions));

    public static TableTransactionAction Add(string row, int size = 1, int columns = 1)
    {
        var entity = new TableEntity(Partition, row);
        for (var column = 0; column < columns; column++)
            entity[$"Data{column}"] = new byte[size];
        return new TableTransactionAction(TableTransactionActionType.Add, entity);
    }

    public async Task<List<string>> RowsAsync()
    {
        var rows = new List<string>();
        await foreach (var entity in Table.QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
            rows.Add(entity.RowKey);
        return rows;
    }
}
