using JobPipeline.Jobs;

namespace JobPipeline.Testing.Running;

/// <summary>A handler that runs, and what the harness has seen of it.</summary>
internal sealed class HandlerRun(JobId job, string type, int attempt)
{
    private volatile bool _isMixed;
    private volatile bool _isWaiting;
    private int _resumed = -1;

    /// <summary>True when its code has only run in step with the clock: nothing but timers of the clock has resumed it.</summary>
    public bool IsInStep => !_isMixed;

    /// <summary>True when the clock has resumed it, and it has ended in another wait on the clock.</summary>
    public bool IsWaitingAgain => _isWaiting && Volatile.Read(ref _resumed) > 0;

    /// <summary>Its code begins to run on a thread, first of all at its start.</summary>
    /// <param name="isInStep">False for a thread that the harness does not know: real work goes on beside the clock.</param>
    public void Resume(bool isInStep)
    {
        _isMixed |= !isInStep;
        _isWaiting = false;
        Interlocked.Increment(ref _resumed);
    }

    public void SetTimer(TimerUse use) => _isWaiting |= use == TimerUse.Wait;

    public override string ToString() => $"job '{type}' ({job}, attempt {attempt})";
}
