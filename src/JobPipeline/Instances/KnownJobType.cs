namespace JobPipeline.Instances;

/// <summary>A job type that an instance has a handler for.</summary>
/// <param name="Type">The name of the type.</param>
/// <param name="Queue">The queue of its jobs, unless a request specifies another.</param>
internal sealed record KnownJobType(string Type, string Queue);
