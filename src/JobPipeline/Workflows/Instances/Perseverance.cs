using JobPipeline.Execution.Verdicts;

namespace JobPipeline.Workflows.Instances;

/// <summary>How often, and how soon, the local runner tries again what failed. Pure.</summary>
internal static class Perseverance
{
    /// <summary>Tries of what may be the same at every try: about a quarter of an hour.</summary>
    private const int Few = 10;

    /// <summary>Tries while storage can't be reached: about a day.</summary>
    private const int Many = 300;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>True: that was the last try.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="tries">How often it was tried, this time included.</param>
    public static bool IsOver(FaultKind kind, int tries) => kind switch
    {
        FaultKind.Permanent => true,
        FaultKind.Outage => tries >= Many,
        _ => tries >= Few,
    };

    /// <summary>The pause after so many tries: 2 seconds, doubled each time, at most 5 minutes.</summary>
    public static TimeSpan PauseAfter(int tries) => tries > 8 ? Longest : TimeSpan.FromTicks(Math.Min(First.Ticks << (Math.Max(tries, 1) - 1), Longest.Ticks));
}
