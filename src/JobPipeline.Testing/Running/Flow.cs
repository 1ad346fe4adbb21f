namespace JobPipeline.Testing.Running;

/// <summary>
/// A logical control flow: within a delivery, and within one of its handlers. It flows with the execution context, so on every
/// thread it is known whether a handler's code runs there, and which handler sets a timer.
/// </summary>
internal sealed class Flow
{
    private static readonly AsyncLocal<Flow?> Local = new(OnChange);

    [ThreadStatic]
    private static bool _isHarness;

    public Flow(DeliveryRun run, HandlerRun? handler = null) => (Run, Handler) = (run, handler);

    /// <summary>The current flow; null if neither a delivery nor a handler runs here.</summary>
    public static Flow? Current => Local.Value;

    public DeliveryRun Run { get; }

    /// <summary>The handler; null for the pipeline's own code.</summary>
    public HandlerRun? Handler { get; }

    /// <summary>Enters a flow. Call it in an async method: when that returns, the caller's flow is restored.</summary>
    public static void Enter(Flow flow) => Local.Value = flow;

    /// <summary>
    /// Runs an action on this thread for the harness. A handler that the action resumes runs in step with the clock.
    /// </summary>
    public static void AsHarness(Action action)
    {
        _isHarness = true;
        try
        {
            action();
        }
        finally
        {
            _isHarness = false;
        }
    }

    private static void OnChange(AsyncLocalValueChangedArgs<Flow?> change)
    {
        if (ReferenceEquals(change.PreviousValue, change.CurrentValue))
            return;
        change.PreviousValue?.Run.Leave();
        change.CurrentValue?.Run.Enter();
        change.CurrentValue?.Handler?.Resume(_isHarness);
    }
}
