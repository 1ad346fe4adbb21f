using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>
/// The progress of an import: everything before <paramref name="Next"/> is in the table or in <paramref name="Rejects"/>. The work after a
/// checkpoint depends only on the checkpoint, the payload and the source, so repeating it is idempotent.
/// </summary>
internal sealed record CsvImportCheckpoint(
    string SourceVersion, CsvPosition Next, long Imported, long Rejected, RejectLogState Rejects);
