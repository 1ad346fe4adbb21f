namespace JobPipeline.BuiltIn.Blobs;

/// <summary>How a checksum is computed; in JSON <c>sha256</c>, <c>sha512</c> or <c>md5</c>.</summary>
public enum ChecksumAlgorithm
{
    Sha256,

    Sha512,

    /// <summary>For comparison with what others publish; it proves nothing against someone who means harm.</summary>
    Md5,
}
