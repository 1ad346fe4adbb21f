using JobPipeline.Jobs;

namespace JobPipeline.Testing.Running;

/// <summary>A handler that runs, and what the harness has seen of it.</summary>
internal sealed class HandlerRun(JobId job, string type, int attempt)
{
    private volatile bool _isMixed;
    private volatile bool _isWaitingAgain;

    /// <summary>True when its code has only run in step with the clock: nothing but timers of the clock has resumed it.</summary>
    public bool IsInStep => !_isMixed;

    /// <summary>True when the last move of the clock ended, for this handler, in another wait on the clock.</summary>
    public bool IsWaitingAgain => _isWaitingAgain;

    /// <summary>Some other thread runs its code: real work is going on beside the clock.</summary>
    public void MeetStranger() => _isMixed = true;

    public void BeginMove() => _isWaitingAgain = false;

    public void SetTimer(TimerUse use) => _isWaitingAgain |= use == TimerUse.Wait;

    public override string ToString() => $"job '{type}' ({job}, attempt {attempt})";
}
