namespace JobPipeline.Failures.ErrorGroups;

/// <summary>What became of a group when a batch was counted in.</summary>
/// <param name="Before">Null: it is new.</param>
/// <param name="After">The group with the batch.</param>
internal sealed record ErrorGroupChange(ErrorGroup? Before, ErrorGroup After)
{
    public bool IsNew => Before is null;

    public bool IsRegression => Before is { State: ErrorGroupState.Resolved } && After.IsRegression;
}

/// <summary>
/// A group as one instance counts it: what it has seen since its last batch, and the batch that is on its way. A batch keeps
/// its id, and nothing is added to it, until it is known to be stored: however often it is sent, it counts once.
/// </summary>
internal sealed class CountedGroup
{
    private const int MaxRounds = 10;

    private readonly Lock _lock = new();
    private ErrorTally? _fresh;
    private ErrorBatch? _sent;

    // One writer at a time: of no concern to whoever adds.
    private ErrorGroup? _known;
    private bool _isKnown;

    /// <summary>What the last write was to change: it may have, though its answer was lost.</summary>
    private ErrorGroupChange? _change;

    /// <summary>True when there is nothing to write.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                return _fresh is null && _sent is null;
            }
        }
    }

    public void Add(Func<ErrorTally> begin, string? jobType, ErrorSample sample)
    {
        lock (_lock)
        {
            (_fresh ??= begin()).Add(jobType, sample);
        }
    }

    /// <summary>
    /// Writes what there is: one operation, where nobody else has written the group since. Returns what changed, batch by
    /// batch; on an exception, or when others are always faster, what is left is written by the next call.
    /// </summary>
    public async IAsyncEnumerable<ErrorGroupChange> WriteAsync(IErrorGroupStore store, Func<ErrorTally, ErrorBatch> pack)
    {
        while (Take(pack) is { } batch)
        {
            if (await StoreAsync(store, batch) is not { } change)
                yield break;
            lock (_lock)
            {
                _sent = null;
            }

            _change = null;

            yield return change;
        }
    }

    private ErrorBatch? Take(Func<ErrorTally, ErrorBatch> pack)
    {
        lock (_lock)
        {
            if (_sent is null && _fresh is not null)
                (_sent, _fresh) = (pack(_fresh), null);
            return _sent;
        }
    }

    private async Task<ErrorGroupChange?> StoreAsync(IErrorGroupStore store, ErrorBatch batch)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (!_isKnown)
                (_known, _isKnown) = (await store.ReadAsync(batch.Group, CancellationToken.None), true);
            if (_known?.HasCounted(batch.Id) == true)
                return _change ?? new ErrorGroupChange(_known, _known);
            _change = new ErrorGroupChange(_known, _known?.Seen(batch) ?? ErrorGroupRules.New(batch));
            // Refused, or without an answer: whether it is stored, the row tells.
            _isKnown = false;
            if (await store.TryWriteAsync(_known, _change.After, CancellationToken.None) is not { } version)
                continue;
            (_known, _isKnown) = (_change.After with { Version = version }, true);
            return _change;
        }

        return null;
    }
}
