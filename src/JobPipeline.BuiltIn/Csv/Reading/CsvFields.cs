using CsvHelper;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>
/// Takes a record apart with CsvHelper. It gets one record at a time: left to find the records itself, it would take
/// everything behind a quote that is never closed for one field. What CsvHelper does at the start of a file alone, it must
/// not do here: a hint such as <c>sep=;</c> or a byte order mark at the start of a record is a part of the record.
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
        return reader.Read() ? reader.Current.ToArray() : throw new InvalidOperationException("CsvHelper passed a record over.");
    }
}
