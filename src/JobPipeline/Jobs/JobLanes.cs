namespace JobPipeline.Jobs;

/// <summary>The priority lanes: one queue each, and beside it the poison queue that a Functions host moves messages to.</summary>
public static class JobLanes
{
    public const string High = "jobs-high";
    public const string Normal = "jobs";
    public const string Low = "jobs-low";

    /// <summary>What the Functions host puts behind a queue's name.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary>Highest priority first.</summary>
    public static IReadOnlyList<string> All { get; } = [High, Normal, Low];

    public static bool Exists(string lane) => All.Contains(lane, StringComparer.Ordinal);

    public static string PoisonOf(string lane) => lane + PoisonSuffix;

    /// <summary>The lane that a queue, poison or not, belongs to.</summary>
    public static string Of(string queue) => queue.EndsWith(PoisonSuffix, StringComparison.Ordinal) ? queue[..^PoisonSuffix.Length] : queue;
}
