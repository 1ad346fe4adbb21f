using JobPipeline.Execution.Claims;

namespace JobPipeline.Testing.Running;

/// <summary>What a timer is for, as far as it shows from what it will call.</summary>
internal enum TimerUse
{
    /// <summary>The pipeline's own: a heartbeat, the limit of an attempt.</summary>
    Pipeline,

    /// <summary>Somebody waits for it: <c>Task.Delay</c>, <c>PeriodicTimer</c>.</summary>
    Wait,

    /// <summary>It limits something else: a <see cref="CancellationTokenSource"/>, <c>Task.WaitAsync</c>, a timer made by hand.</summary>
    Limit,

    /// <summary>A handler was told to stop and is abandoned when this is due.</summary>
    Abandon,
}

internal static class TimerUses
{
    /// <param name="state">The state of the timer's callback.</param>
    /// <param name="isHandlers">True when a handler's own code made the timer.</param>
    public static TimerUse Of(object? state, bool isHandlers) => state switch
    {
        AbandonTimer => TimerUse.Abandon,
        // The context of a handler flushes its progress by itself.
        _ when !isHandlers || state is ClaimedJobContext => TimerUse.Pipeline,
        // The task behind Task.WaitAsync. Every other task with a timer is a delay.
        Task task => task.GetType().Name.StartsWith("CancellationPromise", StringComparison.Ordinal) ? TimerUse.Limit : TimerUse.Wait,
        _ => state?.GetType().DeclaringType == typeof(PeriodicTimer) ? TimerUse.Wait : TimerUse.Limit,
    };
}
