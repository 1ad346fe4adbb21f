namespace JobPipeline.BuiltIn.Storage;

/// <summary>The containers and tables that payloads may name: configuration section <c>JobPipeline:BuiltIn:Storage</c>.</summary>
public sealed class StorageAccessOptions
{
    internal const string Section = $"{BuiltInOptions.Section}:Storage";

    /// <summary>
    /// Gets or sets the only containers that payloads may name. The default is an empty list, which allows every container except
    /// those of the pipeline, of its host and of Durable Functions.
    /// </summary>
    public IReadOnlyList<string> Containers { get; set; } = [];

    /// <summary>
    /// Gets or sets the only tables that payloads may name. The default is an empty list, which allows every table except those of
    /// the pipeline, of its host and of Durable Functions.
    /// </summary>
    public IReadOnlyList<string> Tables { get; set; } = [];
}
