namespace JobPipeline.Jobs;

/// <summary>The priority queues. Each has a poison queue, which a Functions host moves messages to.</summary>
public static class PriorityQueues
{
    public const string High = "jobs-high";
    public const string Normal = "jobs";
    public const string Low = "jobs-low";

    /// <summary>
    /// The queue of jobs that waited at a limit and may start now. They do not wait behind others, because capacity is reserved for
    /// them. Producers do not use it.
    /// </summary>
    internal const string Ready = "jobs-ready";

    /// <summary>The suffix that the Functions host appends to a queue's name.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary>All priority queues, highest priority first.</summary>
    public static IReadOnlyList<string> All { get; } = [High, Normal, Low];

    /// <summary>The queues that a host receives jobs from.</summary>
    internal static IReadOnlyList<string> Received { get; } = [Ready, .. All];

    public static bool Exists(string queue) => All.Contains(queue, StringComparer.Ordinal);

    public static string PoisonOf(string queue) => queue + PoisonSuffix;

    /// <summary>Gets the priority queue of a queue or poison queue.</summary>
    public static string Of(string queue) => queue.EndsWith(PoisonSuffix, StringComparison.Ordinal) ? queue[..^PoisonSuffix.Length] : queue;
}
