using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.BuiltIn.Web.Connections;

namespace JobPipeline.BuiltIn;

/// <summary>Settings of the built-in jobs: configuration section <c>JobPipeline:BuiltIn</c>.</summary>
public sealed class BuiltInOptions : IValidatableObject
{
    public const string Section = "JobPipeline:BuiltIn";

    /// <summary>
    /// The folders, as absolute paths, that a payload's <c>path</c> may point into. A relative <c>path</c> is looked for in
    /// each, in order. Default none: jobs read no files.
    /// </summary>
    public IReadOnlyList<string> FileRoots { get; set; } = [];

    /// <summary>
    /// How long <c>csv.import</c> runs before it saves its place and lets other jobs have a turn. It uses no attempt; keep
    /// it below the type's timeout. Default 4 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ImportSlice { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>Credentials that <c>http.request</c> may use, by the name that payloads give. Default none.</summary>
    public Dictionary<string, WebConnectionOptions> Connections { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets which containers and tables payloads may name. The default is every one that is not reserved.</summary>
    public StorageAccessOptions Storage { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. from root in FileRoots
           where !Path.IsPathFullyQualified(root)
           select new ValidationResult($"{Section}:FileRoots holds '{root}', which is not an absolute path.", [nameof(FileRoots)]),
        .. Connections.SelectMany(connection => connection.Value.Validate($"{nameof(Connections)}:{connection.Key}")),
    ];
}
