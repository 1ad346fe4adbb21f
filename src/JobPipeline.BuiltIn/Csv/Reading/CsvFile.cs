using System.Text;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>A CSV file with its encoding, delimiter and header, which can be read from any position between two records.</summary>
/// <param name="Source">The source of the file.</param>
/// <param name="Encoding">The encoding; null for UTF-8. Positions in a file of another encoding count its bytes as UTF-8.</param>
/// <param name="Delimiter">The field delimiter.</param>
/// <param name="Header">The names of the columns.</param>
/// <param name="FirstLine">The position after the header.</param>
internal sealed record CsvFile(Source Source, Encoding? Encoding, char Delimiter, IReadOnlyList<string> Header, CsvPosition FirstLine)
{
    private const int LookedBytes = 64 * 1024;

    /// <param name="source">The file.</param>
    /// <param name="delimiter">The delimiter given in the payload, or null.</param>
    /// <param name="encoding">The name of the encoding given in the payload, or null.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <exception cref="JobRejectedException">The file has no readable header.</exception>
    public static async Task<CsvFile> OpenAsync(Source source, char? delimiter, string? encoding, CancellationToken cancellationToken)
    {
        await using var stream = await source.OpenAsync(0, cancellationToken);
        var found = CsvText.EncodingOf((await StartOfAsync(stream, cancellationToken)).Span, encoding);
        var start = await StartOfAsync(await CsvText.AtAsync(stream, found, 0, cancellationToken), cancellationToken);
        var dialect = CsvDialect.Of(start.Span, delimiter);
        if (dialect.Error is { } error)
            throw new JobRejectedException($"'{source.Name}' can't be read: {error}.");
        var text = await CsvText.AtAsync(stream, found, dialect.Header.Byte, cancellationToken);
        using var reader = new CsvRecordReader(text, dialect.Header, dialect.Delimiter, found?.WebName);
        var header = await reader.ReadAsync(cancellationToken) switch
        {
            null => throw new JobRejectedException($"'{source.Name}' is empty; its first line must name the columns."),
            { Defect: { } defect } => throw new JobRejectedException(
                $"The header of '{source.Name}' can't be read: {defect}. If the file is not in UTF-8, set 'encoding'."),
            { } record => new CsvFields(dialect.Delimiter).Split(record.Bytes),
        };
        return new CsvFile(source, found, dialect.Delimiter, header, reader.Position);
    }

    public async Task<CsvRecordReader> ReadFromAsync(CsvPosition position, CancellationToken cancellationToken)
    {
        var stream = await Source.OpenAsync(Encoding is null ? position.Byte : 0, cancellationToken);
        var text = Encoding is null ? stream : await CsvText.AtAsync(stream, Encoding, position.Byte, cancellationToken);
        return new CsvRecordReader(text, position, Delimiter, Encoding?.WebName);
    }

    private static async Task<ReadOnlyMemory<byte>> StartOfAsync(Stream stream, CancellationToken cancellationToken)
    {
        var start = new byte[LookedBytes];
        return start.AsMemory(0, await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken));
    }
}
