using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>
/// Imports a CSV file into a table. Invalid lines are written to a blob and do not fail the job. The job saves a checkpoint after every
/// batch; a later run continues from it and produces the same rows and rejects as an uninterrupted run. If the source changes between
/// runs, the job is rejected rather than mixing two versions of the file.
/// </summary>
[Job("csv.import")]
internal sealed class CsvImportJob(SourceFinder sources, UserStorage storage, TimeProvider time, IOptions<BuiltInOptions> options)
    : IJobHandler<CsvImportPayload, CsvImportResult>
{
    public async Task<JobOutcome<CsvImportResult>> HandleAsync(
        CsvImportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var table = storage.Table(payload.Table);
        var rejects = new RejectBlob(storage, payload.Rejects ?? RejectBlob.DefaultName(context.JobId), context.JobId);
        var source = await sources.FindAsync(payload, cancellationToken);
        var saved = await context.GetCheckpointAsync<CsvImportCheckpoint>(cancellationToken);
        if (saved is not null && saved.SourceVersion != source.Version)
        {
            throw new JobRejectedException(
                $"'{source.Name}' was changed after {saved.Imported} of its lines were imported. Enqueue the import again.");
        }

        var file = await CsvFile.OpenAsync(source, payload.Delimiter?[0], payload.Encoding, cancellationToken);
        var plan = ImportPlan.From(file.Header, payload, source.Name, context.JobId);
        if (saved is null)
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            saved = new CsvImportCheckpoint(source.Version, file.FirstLine, 0, 0, RejectLogState.Empty);

            // Records the version of the source before any row is written.
            await context.SaveCheckpointAsync(saved, cancellationToken);
        }

        var run = new CsvImportRun(payload, file, plan, new TableRows(table, plan), rejects, context, saved);
        return await run.RunAsync(time, options.Value.ImportSlice, cancellationToken)
            ? run.Result(resumedAt: saved.Next == file.FirstLine ? null : saved.Next.Line)
            : JobOutcome.Snooze(TimeSpan.Zero, "the time slice ended; the import continues from its checkpoint");
    }
}
