namespace JobPipeline.Workflows.Activities;

/// <summary>Decides how many items of a fan-out may run as one pack.</summary>
internal static class PackRules
{
    /// <summary>The time after which a pack starts no further item, so that no item withholds the endings of others for long.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(3);

    private const int MaxItems = 50;

    /// <summary>The expected work of a pack.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(1);

    /// <summary>The time for claiming a job and recording its outcome.</summary>
    private static readonly TimeSpan Overhead = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a job of a type is expected to be quick, so that several may run one after the other in one activity.</summary>
    public static bool IsQuick(TimeSpan? expected) => expected <= Work;

    /// <summary>Returns the number of items per pack; 0 if each item runs on its own.</summary>
    /// <param name="expected">The expected duration of a job of the type; null if it is not known.</param>
    /// <param name="timeout">
    /// The time limit of an attempt; null for none. It counts from when the attempt is sent, so an item that waits for others in
    /// its pack would use it up.
    /// </param>
    public static int PerPack(TimeSpan? expected, TimeSpan? timeout) =>
        expected is { } each && timeout is null && IsQuick(each) ? Math.Clamp((int)(Work / (each + Overhead)), 1, MaxItems) : 0;
}
