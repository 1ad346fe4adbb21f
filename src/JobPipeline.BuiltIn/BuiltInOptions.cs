using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.BuiltIn.Web.Connections;

namespace JobPipeline.BuiltIn;

/// <summary>Options of the built-in jobs: configuration section <c>JobPipeline:BuiltIn</c>.</summary>
public sealed class BuiltInOptions : IValidatableObject
{
    public const string Section = "JobPipeline:BuiltIn";

    /// <summary>
    /// Gets or sets the folders, as absolute paths, that a payload's <c>path</c> may point into. A relative <c>path</c> is searched
    /// for in each folder, in order. The default is none: jobs cannot read files.
    /// </summary>
    public IReadOnlyList<string> FileRoots { get; set; } = [];

    /// <summary>
    /// Gets or sets how long <c>csv.import</c> runs before it saves a checkpoint and yields to other jobs by snoozing, which does
    /// not count as an attempt. Keep it below the timeout of the job type. The default is 4 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ImportSlice { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>Gets or sets the credentials that <c>http.request</c> may use, by the name used in payloads. The default is none.</summary>
    public Dictionary<string, WebConnectionOptions> Connections { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets which containers and tables payloads may name. By default all are allowed that are not reserved.</summary>
    public StorageAccessOptions Storage { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. from root in FileRoots
           where !Path.IsPathFullyQualified(root)
           select new ValidationResult($"{Section}:FileRoots contains '{root}', which is not an absolute path.", [nameof(FileRoots)]),
        .. Connections.SelectMany(connection => connection.Value.Validate($"{nameof(Connections)}:{connection.Key}")),
    ];
}
