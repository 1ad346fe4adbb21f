using CsvHelper;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>
/// Splits a record into fields with CsvHelper, one record at a time: if CsvHelper searched for the records itself, it would read everything
/// after an unclosed quote as one field. Its handling of the start of a file is disabled: a <c>sep=;</c> or a byte order mark at the start
/// of a record is part of the record.
/// </summary>
internal sealed class CsvFields(char delimiter)
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    private readonly CsvReaderOptions _options = new()
    {
        Separator = delimiter,
        DetectSeparatorHint = false,
        HasHeader = false,
        SkipEmptyLines = false,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    public string[] Split(ReadOnlyMemory<byte> record)
    {
        if (record.Span.StartsWith(Mark))
            record = (byte[])[.. Mark, .. record.Span];
        using var reader = CsvReader.Create(record, _options);
        return reader.Read() ? reader.Current.ToArray() : throw new InvalidOperationException("CsvHelper skipped a record.");
    }
}
