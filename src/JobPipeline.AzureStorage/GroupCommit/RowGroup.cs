using Azure.Data.Tables;

namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>Writes that are committed together, and the task of the caller that waits for them.</summary>
internal sealed class RowGroup(IReadOnlyList<TableTransactionAction> actions)
{
    private const int RowOverhead = 1024;

    private readonly TaskCompletionSource<IReadOnlyList<string>?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<TableTransactionAction> Actions { get; } = actions;

    /// <summary>
    /// An upper bound on the size on the wire: binary is sent as base64, and a character of text as an escape of at most six
    /// bytes.
    /// </summary>
    public int Bytes { get; } = actions.Sum(action => RowOverhead + ((TableEntity)action.Entity).Sum(column => Size(column.Value)));

    /// <summary>The ETags of the rows in the order of the actions, or null when a condition did not hold.</summary>
    public Task<IReadOnlyList<string>?> Answer => _answer.Task;

    public void Committed(IReadOnlyList<string> etags) => _answer.TrySetResult(etags);

    public void Refused() => _answer.TrySetResult(null);

    public void Failed(Exception error) => _answer.TrySetException(error);

    private static int Size(object? value) => value switch
    {
        byte[] bytes => (bytes.Length * 4 / 3) + 96,
        string text => (text.Length * 6) + 96,
        _ => 128,
    };
}
