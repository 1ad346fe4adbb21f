using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>
/// One run of an import, from a checkpoint to the end of the file or of the time slice. Each batch writes its rows, then its rejects, then
/// the next checkpoint.
/// </summary>
internal sealed class CsvImportRun(
    CsvImportPayload payload, CsvFile file, ImportPlan plan, TableRows table, RejectBlob blob, JobContext context, CsvImportCheckpoint from)
{
    private readonly RejectLog _log = new(blob, from.Rejects);
    private CsvImportCheckpoint _at = from;

    /// <summary>Runs the import. Returns true if the whole file is imported, false if the time slice ended.</summary>
    /// <exception cref="JobRejectedException">More lines were rejected than the payload allows.</exception>
    public async Task<bool> RunAsync(TimeProvider time, TimeSpan slice, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var reader = await file.ReadFromAsync(_at.Next, cancellationToken);
        var builder = new RowBuilder(plan, new CsvFields(file.Delimiter));
        while (true)
        {
            await ThrowIfTooManyRejectsAsync(cancellationToken);
            var batch = new ImportBatch(builder, payload.BatchSize);
            var isLast = !await FillAsync(batch, reader, cancellationToken);
            await WriteAsync(batch, reader.Position, isLast, cancellationToken);
            if (isLast)
                break;
            if (time.GetElapsedTime(started) >= slice)
                return false;
        }

        await ThrowIfTooManyRejectsAsync(cancellationToken);
        await _log.FlushAsync(cancellationToken);
        return true;
    }

    public CsvImportResult Result(long? resumedAt) =>
        new(_at.Imported, _at.Rejected, _at.Rejected > 0 ? blob.Name : null, payload.Table.Value, resumedAt);

    /// <summary>Adds records until the batch is full. Returns false at the end of the file.</summary>
    private static async Task<bool> FillAsync(ImportBatch batch, CsvRecordReader reader, CancellationToken cancellationToken)
    {
        while (!batch.IsFull)
        {
            if (await reader.ReadAsync(cancellationToken) is not { } record)
                return false;
            batch.Add(record);
        }

        return true;
    }

    private async Task WriteAsync(ImportBatch batch, CsvPosition next, bool isLast, CancellationToken cancellationToken)
    {
        var duplicates = await table.WriteAsync(batch.Rows, cancellationToken);
        await _log.AddAsync(batch.Rejects.Concat(duplicates).OrderBy(line => line.Line), cancellationToken);
        _at = new CsvImportCheckpoint(
            file.Source.Version,
            next,
            _at.Imported + batch.Rows.Count - duplicates.Count,
            _at.Rejected + batch.Rejects.Count + duplicates.Count,
            _log.State);
        // Positions in a file of another encoding count UTF-8 bytes, so they may exceed the length of the file.
        var done = isLast ? file.Source.Length : Math.Min(next.Byte, file.Source.Length);
        context.ReportProgress(done, file.Source.Length, $"{_at.Imported} lines imported, {_at.Rejected} rejected (progress in bytes)");
        await context.SaveCheckpointAsync(_at, cancellationToken);
    }

    private async Task ThrowIfTooManyRejectsAsync(CancellationToken cancellationToken)
    {
        if (!(_at.Rejected > payload.MaxRejects))
            return;
        await _log.FlushAsync(cancellationToken);
        throw new JobRejectedException(
            $"{_at.Rejected} lines were rejected up to line {_at.Next.Line}, more than 'maxRejects' ({payload.MaxRejects}) allows. "
            + $"The rejected lines are in '{blob.Name}'.");
    }
}
