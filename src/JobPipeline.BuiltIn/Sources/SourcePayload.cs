using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Storage;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>The part of a payload that names the input: either a blob or a file.</summary>
public abstract record SourcePayload : IValidatableObject
{
    /// <summary>Gets the blob, as <c>container/name</c>; the name may contain more slashes.</summary>
    public BlobAddress? Blob { get; init; }

    /// <summary>Gets the file below one of <see cref="BuiltInOptions.FileRoots"/>, relative or absolute.</summary>
    public FilePath? Path { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Blob is null == Path is null)
            yield return new ValidationResult(
                "set either 'blob' (\"container/name\") or 'path', but not both", [nameof(Blob), nameof(Path)]);
    }
}
