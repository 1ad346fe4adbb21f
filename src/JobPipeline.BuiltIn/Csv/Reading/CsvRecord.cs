namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>A record of the file, or a malformed line.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Bytes">
/// Its bytes without the line break; valid until the next record is read. Truncated if the line is too long.
/// </param>
/// <param name="Defect">Why the line is malformed; null for a record.</param>
internal readonly record struct CsvRecord(long Line, ReadOnlyMemory<byte> Bytes, string? Defect);
