using Azure.Data.Tables;
using JobPipeline.AzureStorage.GroupCommit;

namespace JobPipeline.AzureStorage.Tests.GroupCommit;

/// <summary>A committer on a table of its own, its requests watched, and a second client that sees what is really there.</summary>
internal sealed class CommitScene
{
    public const string Partition = "p";

    private CommitScene(RequestProbe probe, TableClient watched, TableClient table) =>
        (Probe, Watched, Table, Committer) = (probe, watched, table, new GroupCommitter(watched));

    public RequestProbe Probe { get; }

    /// <summary>The client under test.</summary>
    public TableClient Watched { get; }

    /// <summary>Unwatched.</summary>
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
    /// Commits a first group, holds its transaction until <paramref name="rest"/> has gathered behind it, and answers the
    /// tasks of the rest: what they share is then no matter of chance. The probe counts the rest alone.
    /// </summary>
    /// <param name="first">Starts the first group.</param>
    /// <param name="rest">Start the others.</param>
    /// <param name="lostAnswers">How many answers to the rest, the SDK's retries included, never arrive.</param>
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

    public Task<IReadOnlyList<string>?> CommitAsync(params TableTransactionAction[] actions) => Committer.CommitAsync(Partition, new RowGroup(actions));

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
