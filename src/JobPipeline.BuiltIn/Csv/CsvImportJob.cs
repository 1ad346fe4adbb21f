using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>
/// Imports a CSV file into a table. Lines that do not fit go to a blob and do not fail the job. It saves its place after
/// every batch; a later run goes on from there, and leaves the same rows and rejects behind as one that was never cut off.
/// A source that changed meanwhile fails the job for good: half of one file and half of another is what nobody asked for.
/// </summary>
[Job("csv.import")]
internal sealed class CsvImportJob(
    SourceFinder sources, BlobServiceClient blobs, TableServiceClient tables, ReservedTables reserved, TimeProvider time, IOptions<BuiltInOptions> options)
    : IJobHandler<CsvImportPayload, CsvImportResult>
{
    public async Task<JobOutcome<CsvImportResult>> HandleAsync(CsvImportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (reserved.Contains(payload.Table))
            throw new JobRejectedException($"'{payload.Table}' is a table of the pipeline itself. Import into another one.");
        var source = await sources.FindAsync(payload, cancellationToken);
        var saved = await context.GetCheckpointAsync<CsvImportCheckpoint>(cancellationToken);
        if (saved is not null && saved.SourceVersion != source.Version)
            throw new JobRejectedException($"'{source.Name}' was changed after {saved.Imported} of its lines were imported. Enqueue the import again.");

        var (plan, firstLine) = await ReadHeaderAsync(source, payload, context, cancellationToken);
        var table = tables.GetTableClient(payload.Table);
        if (saved is null)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            saved = new CsvImportCheckpoint(source.Version, firstLine, 0, 0, RejectLogState.Empty);

            // Pins the version of the source before anything is written.
            await context.SaveCheckpointAsync(saved, cancellationToken);
        }

        var rejects = new RejectBlob(blobs, payload.Rejects is null ? RejectBlob.DefaultName(context.JobId) : BlobName.Parse(payload.Rejects), context.JobId);
        var run = new CsvImportRun(payload, source, plan, new TableRows(table, plan), rejects, context, saved);
        return await run.RunAsync(time, options.Value.ImportSlice, cancellationToken)
            ? run.Result(resumedAt: saved.Next == firstLine ? null : saved.Next.Line)
            : JobOutcome.Snooze(TimeSpan.Zero, "its slice of time is over; it goes on where it stopped");
    }

    private static async Task<(ImportPlan Plan, CsvPosition FirstLine)> ReadHeaderAsync(
        Source source, CsvImportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        using var reader = new CsvRecordReader(await source.OpenAsync(0, cancellationToken), CsvPosition.Start, payload.Delimiter[0]);
        var header = await reader.ReadAsync(cancellationToken) switch
        {
            null => throw new JobRejectedException($"'{source.Name}' is empty; its first line must name the columns."),
            { Defect: { } defect } => throw new JobRejectedException($"The header of '{source.Name}' can't be read: {defect}."),
            { } record => new CsvFields(payload.Delimiter[0]).Split(record.Bytes),
        };
        return (ImportPlan.From(header, payload, source.Name, context.JobId), reader.Position);
    }
}
