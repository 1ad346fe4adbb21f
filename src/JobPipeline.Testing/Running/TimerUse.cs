using JobPipeline.Execution.Claims;
using JobPipeline.Limits.Local;

namespace JobPipeline.Testing.Running;

/// <summary>Specifies the purpose of a timer, as inferred from its callback.</summary>
internal enum TimerUse
{
    /// <summary>A timer of the pipeline, such as a heartbeat or the time limit of an attempt.</summary>
    Pipeline,

    /// <summary>A handler waits for it: <c>Task.Delay</c>, <c>PeriodicTimer</c>.</summary>
    Wait,

    /// <summary>
    /// A limit of another operation: a <see cref="CancellationTokenSource"/>, <c>Task.WaitAsync</c>, a timer created directly.
    /// </summary>
    Limit,

    /// <summary>Abandons a handler that was requested to stop.</summary>
    Abandon,
}

internal static class TimerUses
{
    /// <summary>Infers the purpose of a timer.</summary>
    /// <param name="state">The state of the timer's callback.</param>
    /// <param name="isHandlers">Whether a handler's own code created the timer.</param>
    public static TimerUse Of(object? state, bool isHandlers) => state switch
    {
        AbandonTimer => TimerUse.Abandon,
        // The context of a handler saves its progress on a timer of its own, and a gate that a handler asks first has one.
        _ when !isHandlers || state is ClaimedJobContext or LocalGate => TimerUse.Pipeline,
        // This task type belongs to Task.WaitAsync. Every other task with a timer is a delay.
        Task task => task.GetType().Name.StartsWith("CancellationPromise", StringComparison.Ordinal) ? TimerUse.Limit : TimerUse.Wait,
        _ => state?.GetType().DeclaringType == typeof(PeriodicTimer) ? TimerUse.Wait : TimerUse.Limit,
    };
}
