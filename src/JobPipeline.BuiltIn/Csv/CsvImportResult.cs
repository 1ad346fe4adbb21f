namespace JobPipeline.BuiltIn.Csv;

/// <summary>Result of <c>csv.import</c>.</summary>
/// <param name="Imported">The number of lines that were imported as rows.</param>
/// <param name="Rejected">The number of lines that were rejected.</param>
/// <param name="RejectsBlob">The blob with the rejected lines, as <c>container/name</c>; null if no line was rejected.</param>
/// <param name="Table">The name of the table.</param>
/// <param name="ResumedAt">The line at which the last run continued an earlier one; null if a single run imported the whole file.</param>
public sealed record CsvImportResult(long Imported, long Rejected, string? RejectsBlob, string Table, long? ResumedAt);
