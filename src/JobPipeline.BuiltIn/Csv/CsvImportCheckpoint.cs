using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>
/// How far an import has come: everything before <paramref name="Next"/> is in the table or in <paramref name="Rejects"/>.
/// What follows a checkpoint depends on it, the payload and the source alone, so doing it twice leaves the same behind.
/// </summary>
internal sealed record CsvImportCheckpoint(string SourceVersion, CsvPosition Next, long Imported, long Rejected, RejectLogState Rejects);
