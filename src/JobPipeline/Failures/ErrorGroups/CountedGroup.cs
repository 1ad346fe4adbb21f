namespace JobPipeline.Failures.ErrorGroups;

/// <summary>The change that a batch made to a group.</summary>
/// <param name="Before">The group before the batch; null if it is new.</param>
/// <param name="After">The group including the batch.</param>
internal sealed record ErrorGroupChange(ErrorGroup? Before, ErrorGroup After)
{
    public bool IsNew => Before is null;

    public bool IsRegression => Before is { State: ErrorGroupState.Resolved } && After.IsRegression;
}

/// <summary>
/// Counts one group on one instance: the failures since its last batch, and the batch being written. A batch keeps its id, and gets
/// no additions, until it is known to be stored, so that it counts once however often it is sent.
/// </summary>
internal sealed class CountedGroup
{
    private const int MaxRounds = 10;

    private readonly Lock _lock = new();
    private ErrorTally? _fresh;
    private ErrorBatch? _sent;

    // Used by a single writer at a time, never by callers of Add.
    private ErrorGroup? _known;
    private bool _isKnown;

    /// <summary>The change of the last write, which may be stored although its response was lost.</summary>
    private ErrorGroupChange? _change;

    /// <summary>Whether there is nothing to write.</summary>
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
    /// Writes pending failures, in one operation if no other instance has written the group since. Returns the change of each batch.
    /// After an exception, or when other instances always win, the next call writes the rest.
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
            // After a refusal or a lost response, only the row shows whether the batch is stored.
            _isKnown = false;
            if (await store.TryWriteAsync(_known, _change.After, CancellationToken.None) is not { } version)
                continue;
            (_known, _isKnown) = (_change.After with { Version = version }, true);
            return _change;
        }

        return null;
    }
}
