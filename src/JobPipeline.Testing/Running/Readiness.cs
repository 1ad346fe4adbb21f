namespace JobPipeline.Testing.Running;

/// <summary>The timers of a handler on the clock, and how the handler was resumed.</summary>
/// <param name="HasWait">Whether the handler has set a delay or a periodic timer.</param>
/// <param name="HasLimit">Whether the handler has set a deadline.</param>
/// <param name="IsInStep">Whether nothing but the clock has resumed the handler.</param>
/// <param name="IsWaitingAgain">Whether the handler responded to the clock's last move with another wait.</param>
internal readonly record struct HandlerTimers(bool HasWait, bool HasLimit, bool IsInStep, bool IsWaitingAgain);

/// <summary>Decides how long a delivery must have been quiet, in real time, before the clock may advance. Pure.</summary>
internal static class Readiness
{
    /// <summary>
    /// The factor for handlers with only a deadline. A deadline does not show what the handler waits for; often it is real I/O,
    /// which needs more time.
    /// </summary>
    public const int LimitFactor = 20;

    /// <summary>
    /// Returns the required quiet time; null if the delivery waits for something that the clock can't bring about.
    /// </summary>
    /// <param name="handlers">The running handlers; none if only the pipeline's own code is running.</param>
    /// <param name="isToldToStop">
    /// Whether a handler was requested to stop and a timer of the pipeline limits how long it may take.
    /// </param>
    /// <param name="grace">The quiet time for a handler that waits on the clock.</param>
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
