namespace JobPipeline.Instances;

/// <summary>A job type that an instance has a handler for.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Queue">The lane that its jobs go to unless they ask for another.</param>
public sealed record KnownJobType(string Type, string Queue);
