namespace JobPipeline.Testing.Running;

/// <summary>
/// A place in the logical flow of control: within a delivery, and within one of its handlers. It travels with the execution
/// context, so it is known on every thread whether a handler's code runs there, and who sets a timer.
/// </summary>
internal sealed class Flow
{
    private static readonly AsyncLocal<Flow?> Local = new(OnChange);

    [ThreadStatic]
    private static bool _isHarness;

    public Flow(DeliveryRun run, HandlerRun? handler = null) => (Run, Handler) = (run, handler);

    /// <summary>Null: neither a delivery nor a handler runs here.</summary>
    public static Flow? Current => Local.Value;

    public DeliveryRun Run { get; }

    /// <summary>Null: the pipeline's own code.</summary>
    public HandlerRun? Handler { get; }

    /// <summary>Goes on within the flow. Call it in an async method: the caller's flow is as before when that returns.</summary>
    public static void Enter(Flow flow) => Local.Value = flow;

    /// <summary>Runs something on this thread for the harness: a handler that it resumes runs in step with the clock.</summary>
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
