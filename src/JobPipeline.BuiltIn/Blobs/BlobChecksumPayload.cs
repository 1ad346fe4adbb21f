using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Sources;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>Payload of <c>blob.checksum</c>.</summary>
public sealed record BlobChecksumPayload : SourcePayload
{
    /// <summary>Default SHA-256.</summary>
    [EnumDataType(typeof(ChecksumAlgorithm))]
    public ChecksumAlgorithm Algorithm { get; init; } = ChecksumAlgorithm.Sha256;
}

/// <summary>Result of <c>blob.checksum</c>.</summary>
/// <param name="Algorithm">The one that was used.</param>
/// <param name="Checksum">In lower-case hexadecimal.</param>
/// <param name="Bytes">How many were read.</param>
public sealed record BlobChecksumResult(ChecksumAlgorithm Algorithm, string Checksum, long Bytes);
