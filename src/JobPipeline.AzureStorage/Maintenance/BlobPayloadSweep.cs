using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JobPipeline.Jobs;
using JobPipeline.Maintenance.Retention;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>Deletes payloads, results and errors whose job was deleted or never created. A day is a folder.</summary>
internal sealed class BlobPayloadSweep(BlobContainerClient container, IJobStore jobs) : IRetentionSweep
{
    private const string DayFormat = "yyyyMMdd";
    private const int JobsAtATime = 8;

    public string Kind => "payloads";

    /// <summary>Runs after the sweep of jobs, so that their blobs can be deleted in the same run.</summary>
    public int Order => 1;

    public async Task<DateOnly?> FindOldestAsync(CancellationToken cancellationToken)
    {
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, cancellationToken))
        {
            if (DateOnly.TryParseExact(blob.Name.Split('/')[0], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
        }

        return null;
    }

    public async Task<SweepResult> SweepAsync(DateOnly day, string? position, SweepStep step, CancellationToken cancellationToken)
    {
        var prefix = day.ToString(DayFormat, CultureInfo.InvariantCulture) + "/";
        await foreach (var page in container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, prefix, cancellationToken).AsPages(position, step.Size))
        {
            var answers = new List<(int Removed, DateTimeOffset? LookAgainAt)>();
            var gate = new Lock();
            await Parallel.ForEachAsync(
                page.Values.GroupBy(blob => blob.Name.Split('/')[1], StringComparer.Ordinal),
                new ParallelOptions { MaxDegreeOfParallelism = JobsAtATime, CancellationToken = cancellationToken },
                async (blobs, token) =>
                {
                    var answer = await SweepJobAsync(blobs.Key, [.. blobs], step, token);
                    lock (gate)
                    {
                        answers.Add(answer);
                    }
                });
            return new SweepResult(
                answers.Sum(answer => answer.Removed),
                page.ContinuationToken is { Length: > 0 } next ? next : null,
                answers.Select(answer => answer.LookAgainAt).Min());
        }

        return new SweepResult(0);
    }

    private async Task<(int Removed, DateTimeOffset? LookAgainAt)> SweepJobAsync(
        string job, IReadOnlyList<BlobItem> blobs, SweepStep step, CancellationToken cancellationToken)
    {
        // A blob under this folder that the pipeline did not write stays.
        if (!JobId.TryParse(job, out var id))
            return default;
        var status = (await jobs.ReadAsync(id, cancellationToken)).Record?.Status;
        var removed = 0;
        DateTimeOffset? lookAgainAt = null;
        foreach (var blob in blobs)
        {
            var at = RetentionRules.LookAgainAtPayload(status, blob.Properties.LastModified ?? step.Now, step);
            if (at is null && await TryRemoveAsync(blob, cancellationToken))
                removed++;
            else
                lookAgainAt = at ?? step.Now;
        }

        return (removed, lookAgainAt);
    }

    /// <summary>Returns false when the blob has been written again since it was listed.</summary>
    private async Task<bool> TryRemoveAsync(BlobItem blob, CancellationToken cancellationToken)
    {
        try
        {
            var conditions = new BlobRequestConditions { IfMatch = blob.Properties.ETag };
            await container.GetBlobClient(blob.Name).DeleteIfExistsAsync(conditions: conditions, cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }
}
