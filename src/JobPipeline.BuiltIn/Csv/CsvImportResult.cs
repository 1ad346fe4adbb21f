namespace JobPipeline.BuiltIn.Csv;

/// <summary>Result of <c>csv.import</c>.</summary>
/// <param name="Imported">Lines that became rows.</param>
/// <param name="Rejected">Lines that did not.</param>
/// <param name="RejectsBlob">The blob with the rejected lines, as <c>container/name</c>; null when there are none.</param>
/// <param name="Table">The table.</param>
/// <param name="ResumedAt">The line at which the last run took over from an earlier one; null when one run did it all.</param>
public sealed record CsvImportResult(long Imported, long Rejected, string? RejectsBlob, string Table, long? ResumedAt);
