using JobPipeline.Jobs;

namespace JobPipeline.Testing.Running;

/// <summary>A running handler, as the harness observes it.</summary>
internal sealed class HandlerRun(JobId job, string type, int attempt)
{
    private volatile bool _isMixed;
    private volatile bool _isWaiting;
    private int _resumed = -1;

    /// <summary>Whether the handler runs in step with the clock: nothing but timers of the clock has resumed it.</summary>
    public bool IsInStep => !_isMixed;

    /// <summary>Whether the clock has resumed the handler and it waits on the clock again.</summary>
    public bool IsWaitingAgain => _isWaiting && Volatile.Read(ref _resumed) > 0;

    /// <summary>Records that the handler's code is resumed on a thread, or started.</summary>
    /// <param name="isInStep">
    /// False for a thread that the harness does not control, because real work is running besides the clock.
    /// </param>
    public void Resume(bool isInStep)
    {
        _isMixed |= !isInStep;
        _isWaiting = false;
        Interlocked.Increment(ref _resumed);
    }

    public void SetTimer(TimerUse use) => _isWaiting |= use == TimerUse.Wait;

    public override string ToString() => $"job '{type}' ({job}, attempt {attempt})";
}
