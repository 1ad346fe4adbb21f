using System.ComponentModel.DataAnnotations;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>The part of a payload that names what to read: a blob or a file, exactly one of them.</summary>
public abstract record SourcePayload : IValidatableObject
{
    /// <summary>A blob, as <c>container/name</c>; the name may hold more slashes.</summary>
    public string? Blob { get; init; }

    /// <summary>A file below one of <see cref="BuiltInOptions.FileRoots"/>, relative or absolute.</summary>
    public string? Path { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Blob) == string.IsNullOrEmpty(Path))
            yield return new ValidationResult("give either 'blob' (\"container/name\") or 'path', and not both", [nameof(Blob), nameof(Path)]);
        else if (Blob is not null && !BlobName.TryParse(Blob, out _))
            yield return new ValidationResult($"'blob' is '{Blob}'; it takes the form \"container/name\"", [nameof(Blob)]);
    }
}
