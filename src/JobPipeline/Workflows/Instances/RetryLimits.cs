using JobPipeline.Execution.Verdicts;

namespace JobPipeline.Workflows.Instances;

/// <summary>The retry limits and delays of the local runner. Pure.</summary>
internal static class RetryLimits
{
    /// <summary>The maximum number of tries for a failure that may be permanent: about a quarter of an hour.</summary>
    private const int Few = 10;

    /// <summary>The maximum number of tries while storage is unavailable: about a day.</summary>
    private const int Many = 300;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Whether the tries are used up.</summary>
    /// <param name="kind">The kind of failure.</param>
    /// <param name="tries">The number of tries, including this one.</param>
    public static bool IsOver(FaultKind kind, int tries) => kind switch
    {
        FaultKind.Permanent => true,
        FaultKind.Outage => tries >= Many,
        _ => tries >= Few,
    };

    /// <summary>Returns the delay after a number of tries: 2 seconds, doubled each time, at most 5 minutes.</summary>
    public static TimeSpan PauseAfter(int tries) =>
        tries > 8 ? Longest : TimeSpan.FromTicks(Math.Min(First.Ticks << (Math.Max(tries, 1) - 1), Longest.Ticks));
}
