namespace JobPipeline.Configuration;

/// <summary>The kind of host that serves the storage account; recorded there and on the rows of the instances.</summary>
public sealed record HostKind(string Name)
{
    /// <summary>The host whose alerts Azure Monitor evaluates.</summary>
    public const string Functions = "functions";
}
