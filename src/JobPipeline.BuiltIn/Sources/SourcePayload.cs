using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Storage;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>The part of a payload that names what to read: a blob or a file, exactly one of them.</summary>
public abstract record SourcePayload : IValidatableObject
{
    /// <summary>A blob, as <c>container/name</c>; the name may hold more slashes.</summary>
    public BlobAddress? Blob { get; init; }

    /// <summary>A file below one of <see cref="BuiltInOptions.FileRoots"/>, relative or absolute.</summary>
    public FilePath? Path { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Blob is null == Path is null)
            yield return new ValidationResult("give either 'blob' (\"container/name\") or 'path', and not both", [nameof(Blob), nameof(Path)]);
    }
}
