namespace JobPipeline.Limits.Local;

/// <summary>The right to start one job at a gate. Giving it back writes nothing: the slot stays with the instance for a moment.</summary>
internal sealed class SlotPermit(LocalGate gate) : IStartPermit
{
    private int _isOver;

    public LocalGate Gate => gate;

    public ValueTask CompleteAsync(PermitOutcome outcome) => ReturnAsync();

    public ValueTask ReturnAsync()
    {
        if (TryEnd())
            gate.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the permit without giving its slot back. Returns false if it is over.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
