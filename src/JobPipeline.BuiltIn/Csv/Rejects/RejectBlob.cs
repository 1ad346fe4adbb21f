using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>The append blob for the rejected lines of one job. Its metadata contains the job id.</summary>
internal sealed class RejectBlob(UserStorage storage, BlobAddress name, JobId job)
{
    private const string JobKey = "csvimportjob";
    private const int MaxAppendBytes = 4 * 1024 * 1024;

    private readonly AppendBlobClient _blob = storage.AppendBlob(name);

    public string Name { get; } = name.ToString();

    private string Changed => $"The blob '{Name}' was changed by another writer while job {job} wrote its rejected lines.";

    public static BlobAddress DefaultName(JobId job) => BlobAddress.Parse($"rejects/{job}.csv");

    /// <summary>Creates the blob unless this job has created it already. A blob with the rejects of another job is replaced.</summary>
    /// <exception cref="JobRejectedException">The blob exists and was not created by an import.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await storage.CreateContainerAsync(name, cancellationToken);
        if (await TryCreateAsync(new AppendBlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken))
            return;
        var existing = (await _blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        if (!existing.Metadata.TryGetValue(JobKey, out var creator))
        {
            throw new JobRejectedException(
                $"The blob '{Name}' exists already and was not created by an import. Set 'rejects' to another name.");
        }

        if (creator != job.ToString()
            && !await TryCreateAsync(new AppendBlobRequestConditions { IfMatch = existing.ETag }, cancellationToken))
        {
                throw new JobRejectedException(Changed);
            }
    }

    /// <summary>Appends at a position; does nothing if the same bytes are already stored there.</summary>
    /// <exception cref="JobRejectedException">Other bytes are stored there.</exception>
    public async Task AppendAsync(long position, byte[] content, CancellationToken cancellationToken)
    {
        for (var done = 0; done < content.Length;)
        {
            var block = content.AsMemory(done, Math.Min(MaxAppendBytes, content.Length - done));
            await AppendBlockAsync(position + done, block, cancellationToken);
            done += block.Length;
        }
    }

    private async Task AppendBlockAsync(long position, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = BinaryData.FromBytes(block).ToStream();
            var options = new AppendBlobAppendBlockOptions
            {
                Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position },
            };
            await _blob.AppendBlockAsync(stream, options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            if (!await HoldsAsync(position, block, cancellationToken))
                throw new JobRejectedException(Changed, e);
        }
    }

    private async Task<bool> HoldsAsync(long position, ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(position, block.Length) };
            var stored = (await _blob.DownloadContentAsync(options, cancellationToken)).Value.Content;
            return stored.ToMemory().Span.SequenceEqual(block.Span);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidRange)
        {
            return false;
        }
    }

    private async Task<bool> TryCreateAsync(AppendBlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        try
        {
            var options = new AppendBlobCreateOptions
            {
                Conditions = conditions,
                HttpHeaders = new BlobHttpHeaders { ContentType = "text/csv; charset=utf-8" },
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [JobKey] = job.ToString() },
            };
            await _blob.CreateAsync(options, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 && e.ErrorCode != BlobErrorCode.ContainerBeingDeleted)
        {
            return false;
        }
    }
}
