namespace JobPipeline.Limits;

/// <summary>The permits of one start, settled together and only once, in the reverse order.</summary>
internal sealed class StartPermits : IStartPermit
{
    private readonly List<IStartPermit> _permits = new(capacity: 1);
    private int _isSettled;

    public void Add(IStartPermit permit) => _permits.Add(permit);

    /// <summary>The permits of one kind.</summary>
    public IEnumerable<TPermit> Of<TPermit>()
        where TPermit : IStartPermit => _permits.OfType<TPermit>();

    /// <summary>Takes out a permit that has been settled.</summary>
    public void Remove(IStartPermit permit) => _permits.Remove(permit);

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
