namespace JobPipeline.Configuration;

/// <summary>What kind of host serves the storage account: on record there, and on the instances' rows.</summary>
internal sealed record HostKind(string Name)
{
    /// <summary>The host whose alerts Azure Monitor evaluates.</summary>
    public const string Functions = "functions";
}
