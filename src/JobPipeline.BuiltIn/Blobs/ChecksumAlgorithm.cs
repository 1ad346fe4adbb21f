namespace JobPipeline.BuiltIn.Blobs;

/// <summary>The hash algorithm of a checksum; in JSON <c>sha256</c>, <c>sha512</c> or <c>md5</c>.</summary>
public enum ChecksumAlgorithm
{
    Sha256,

    Sha512,

    /// <summary>For comparison with published checksums only; MD5 does not protect against deliberate changes.</summary>
    Md5,
}
