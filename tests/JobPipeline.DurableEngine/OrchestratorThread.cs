namespace JobPipeline.DurableEngine;

/// <summary>
/// The only thread that may run an orchestrator during one turn. Continuations from other threads are reported.
/// </summary>
internal sealed class OrchestratorThread(Action<string> report) : SynchronizationContext
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _isInTurn;

    public void Run(Action turn)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        _isInTurn = true;
        try
        {
            turn();
        }
        finally
        {
            _isInTurn = false;
            SetSynchronizationContext(outer);
        }
    }

    /// <exception cref="InvalidOperationException">The caller is not the orchestrator thread.</exception>
    public void Demand(string member)
    {
        if (IsHere)
            return;
        report($"{member} was called from outside the orchestrator's turn");
        throw new InvalidOperationException(
            $"{member} was called from outside the orchestrator's turn: only tasks of the context may be awaited.");
    }

    public void DemandHere(string what)
    {
        if (!IsHere)
            report(what);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsHere)
            d(state);
        else
            report("it went on by something that the context did not give");
    }

    private bool IsHere => _isInTurn && Environment.CurrentManagedThreadId == _thread;
}
