namespace JobPipeline.Testing.Running;

/// <summary>What the harness knows of a handler's timers on the clock.</summary>
/// <param name="HasWait">A delay or a periodic timer of its own is set.</param>
/// <param name="HasLimit">A deadline of its own is set.</param>
/// <param name="IsInStep">Nothing but the clock has resumed it so far.</param>
/// <param name="IsWaitingAgain">It answered the clock's last move with another wait.</param>
internal readonly record struct HandlerTimers(bool HasWait, bool HasLimit, bool IsInStep, bool IsWaitingAgain);

/// <summary>How long a delivery must have been quiet, in real time, before the clock may move for it. Pure.</summary>
internal static class Readiness
{
    /// <summary>A deadline says nothing of what is waited for. It is often real I/O, which is given more time to answer.</summary>
    public const int LimitFactor = 20;

    /// <summary>Null: it waits for something that no move of the clock brings.</summary>
    /// <param name="handlers">Its handlers; none when the pipeline's own code runs.</param>
    /// <param name="isToldToStop">A handler was told to stop, and a timer of the pipeline limits how long it may take.</param>
    /// <param name="grace">The time for a handler that waits on the clock.</param>
    public static TimeSpan? RequiredQuiet(IReadOnlyCollection<HandlerTimers> handlers, bool isToldToStop, TimeSpan grace)
    {
        if (handlers.Count == 0)
            return null;
        var required = TimeSpan.Zero;
        foreach (var handler in handlers)
        {
            if (!handler.HasWait && !handler.HasLimit && !isToldToStop)
                return null;
            var its = !handler.HasWait ? grace * LimitFactor
                : handler is { IsInStep: true, IsWaitingAgain: true } ? TimeSpan.Zero
                : grace;
            required = its > required ? its : required;
        }

        return required;
    }
}
