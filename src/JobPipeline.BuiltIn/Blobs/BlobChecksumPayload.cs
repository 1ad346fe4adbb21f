using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Sources;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>Payload of <c>blob.checksum</c>.</summary>
public sealed record BlobChecksumPayload : SourcePayload
{
    /// <summary>Gets the hash algorithm. The default is SHA-256.</summary>
    [EnumDataType(typeof(ChecksumAlgorithm))]
    public ChecksumAlgorithm Algorithm { get; init; } = ChecksumAlgorithm.Sha256;
}

/// <summary>Result of <c>blob.checksum</c>.</summary>
/// <param name="Algorithm">The algorithm that was used.</param>
/// <param name="Checksum">The checksum in lower-case hexadecimal.</param>
/// <param name="Bytes">The number of bytes that were read.</param>
public sealed record BlobChecksumResult(ChecksumAlgorithm Algorithm, string Checksum, long Bytes);
