namespace JobPipeline.Instances;

/// <summary>What the resource governor of an instance allows, and the memory that it goes by.</summary>
/// <param name="Level">The current level.</param>
/// <param name="Since">When the instance entered that level.</param>
/// <param name="Target">The maximum number of messages processed at a time; null if only the host limits them.</param>
/// <param name="MemoryBytes">The memory in use that can't be reclaimed.</param>
/// <param name="MemoryLimitBytes">The memory that the process may use.</param>
internal sealed record GovernorStatus(GovernorLevel Level, DateTimeOffset Since, int? Target, long MemoryBytes, long MemoryLimitBytes);

/// <summary>How many jobs the resource governor lets an instance start.</summary>
internal enum GovernorLevel
{
    /// <summary>As many as the host has slots for.</summary>
    Open,

    /// <summary>Fewer: the target is lowered and raised step by step.</summary>
    Easing,

    /// <summary>None, except for one at a time after a minute in which nothing ran.</summary>
    Closed,
}
