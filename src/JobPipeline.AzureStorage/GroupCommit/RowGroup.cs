using Azure.Data.Tables;

namespace JobPipeline.AzureStorage.GroupCommit;

/// <summary>Writes that belong together, and the caller that waits for them.</summary>
internal sealed class RowGroup(IReadOnlyList<TableTransactionAction> actions)
{
    private const int RowOverhead = 1024;

    private readonly TaskCompletionSource<IReadOnlyList<string>?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<TableTransactionAction> Actions { get; } = actions;

    /// <summary>A bound on the size on the wire: binary travels as base64, a character of text as an escape of six bytes at worst.</summary>
    public int Bytes { get; } = actions.Sum(action => RowOverhead + ((TableEntity)action.Entity).Sum(column => Size(column.Value)));

    /// <summary>The rows' ETags in the order of the actions; null: a condition did not hold.</summary>
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
