namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>One record of the file, or one line that can't be part of any.</summary>
/// <param name="Line">The number of its first line.</param>
/// <param name="Bytes">Its bytes without the line break; valid until the next one is read. Cut for a line that is too long.</param>
/// <param name="Defect">Why it is no record; null for one that is.</param>
internal readonly record struct CsvRecord(long Line, ReadOnlyMemory<byte> Bytes, string? Defect);
