namespace JobPipeline.Limits;

/// <summary>The permits of one start, settled together and only once, in the reverse order.</summary>
internal sealed class StartPermits : IStartPermit
{
    private readonly List<IStartPermit> _permits = new(capacity: 1);
    private int _isSettled;

    public void Add(IStartPermit permit) => _permits.Add(permit);

    public async ValueTask CompleteAsync(PermitOutcome outcome)
    {
        if (!Settle())
            return;
        for (var i = _permits.Count - 1; i >= 0; i--)
            await _permits[i].CompleteAsync(outcome);
    }

    /// <summary>Does nothing when the permits were completed.</summary>
    public async ValueTask ReturnAsync()
    {
        if (!Settle())
            return;
        for (var i = _permits.Count - 1; i >= 0; i--)
            await _permits[i].ReturnAsync();
    }

    private bool Settle() => Interlocked.Exchange(ref _isSettled, 1) == 0;
}
