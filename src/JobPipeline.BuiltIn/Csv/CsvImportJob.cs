using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>
/// Imports a CSV file into a table. Lines that do not fit go to a blob and do not fail the job. It saves its place after
/// every batch; a later run goes on from there, and leaves the same rows and rejects behind as one that was never cut off.
/// A source that changed meanwhile fails the job for good: half of one file and half of another is what nobody asked for.
/// </summary>
[Job("csv.import")]
internal sealed class CsvImportJob(SourceFinder sources, UserStorage storage, TimeProvider time, IOptions<BuiltInOptions> options)
    : IJobHandler<CsvImportPayload, CsvImportResult>
{
    public async Task<JobOutcome<CsvImportResult>> HandleAsync(CsvImportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var table = storage.Table(payload.Table);
        var rejects = new RejectBlob(storage, payload.Rejects ?? RejectBlob.DefaultName(context.JobId), context.JobId);
        var source = await sources.FindAsync(payload, cancellationToken);
        var saved = await context.GetCheckpointAsync<CsvImportCheckpoint>(cancellationToken);
        if (saved is not null && saved.SourceVersion != source.Version)
            throw new JobRejectedException($"'{source.Name}' was changed after {saved.Imported} of its lines were imported. Enqueue the import again.");

        var file = await CsvFile.OpenAsync(source, payload.Delimiter?[0], payload.Encoding, cancellationToken);
        var plan = ImportPlan.From(file.Header, payload, source.Name, context.JobId);
        if (saved is null)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            saved = new CsvImportCheckpoint(source.Version, file.FirstLine, 0, 0, RejectLogState.Empty);

            // Pins the version of the source before anything is written.
            await context.SaveCheckpointAsync(saved, cancellationToken);
        }

        var run = new CsvImportRun(payload, file, plan, new TableRows(table, plan), rejects, context, saved);
        return await run.RunAsync(time, options.Value.ImportSlice, cancellationToken)
            ? run.Result(resumedAt: saved.Next == file.FirstLine ? null : saved.Next.Line)
            : JobOutcome.Snooze(TimeSpan.Zero, "its slice of time is over; it goes on where it stopped");
    }
}
