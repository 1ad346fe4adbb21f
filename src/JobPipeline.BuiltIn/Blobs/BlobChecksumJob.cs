using System.Buffers;
using System.Security.Cryptography;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>
/// Computes the checksum of a blob or file through a bounded buffer. The state of a hash cannot be saved, so an interrupted attempt starts
/// from the beginning. The attempt fails if the blob changes while it is being read.
/// </summary>
[Job("blob.checksum")]
internal sealed class BlobChecksumJob(SourceFinder sources) : IJobHandler<BlobChecksumPayload, BlobChecksumResult>
{
    private const int BufferBytes = 256 * 1024;

    public async Task<JobOutcome<BlobChecksumResult>> HandleAsync(
        BlobChecksumPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var source = await sources.FindAsync(payload, cancellationToken);
        using var hash = IncrementalHash.CreateHash(NameOf(payload.Algorithm));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var stream = await source.OpenAsync(0, cancellationToken);
            var done = 0L;
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                done += read;
                context.ReportProgress(done, source.Length, "bytes");
            }

            return new BlobChecksumResult(payload.Algorithm, Convert.ToHexStringLower(hash.GetHashAndReset()), done);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static HashAlgorithmName NameOf(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        ChecksumAlgorithm.Md5 => HashAlgorithmName.MD5,
        _ => HashAlgorithmName.SHA256,
    };
}
