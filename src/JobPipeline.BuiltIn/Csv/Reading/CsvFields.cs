using CsvHelper;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>
/// Takes a record apart with CsvHelper. It gets one record at a time: left to find the records itself, it would take
/// everything behind a quote that is never closed for one field.
/// </summary>
internal sealed class CsvFields(char delimiter)
{
    private readonly CsvReaderOptions _options = new()
    {
        Separator = delimiter,
        HasHeader = false,
        SkipEmptyLines = false,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    public string[] Split(ReadOnlyMemory<byte> record)
    {
        using var reader = CsvReader.Create(record, _options);
        return reader.Read() ? reader.Current.ToArray() : [""];
    }
}
