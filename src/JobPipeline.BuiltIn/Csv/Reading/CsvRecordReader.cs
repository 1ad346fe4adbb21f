using System.Text.Unicode;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Csv.Reading;

/// <summary>
/// Reads records from a UTF-8 stream, with bounded memory and at constant cost per byte. The start of each record is exact to the byte,
/// whatever the content, so an import can resume at any record without reading the preceding ones.
/// </summary>
internal sealed class CsvRecordReader : IDisposable
{
    /// <summary>The maximum length of a record, in bytes. A table row cannot hold more.</summary>
    public const int MaxRecordBytes = 1024 * 1024;

    /// <summary>The number of bytes kept of a line that is too long.</summary>
    public const int KeptBytes = 4096;

    private const int InitialBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly string? _encoding;
    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <param name="stream">The stream, at <paramref name="position"/>; the reader disposes it.</param>
    /// <param name="position">The position to read from.</param>
    /// <param name="delimiter">The field delimiter.</param>
    /// <param name="encoding">
    /// The name of the encoding that the stream was decoded from, with U+FFFD for undecodable bytes; null if it is UTF-8 itself.
    /// </param>
    public CsvRecordReader(Stream stream, CsvPosition position, char delimiter, string? encoding = null) =>
        (_stream, Position, _delimiter, _encoding) = (stream, position, (byte)delimiter, encoding);

    /// <summary>Gets the position after the last record that was read.</summary>
    public CsvPosition Position { get; private set; }

    private Memory<byte> Window => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Reads the next record, or returns null at the end. Empty lines are skipped.</summary>
    /// <exception cref="JobRejectedException">The file is UTF-16.</exception>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        if (Position.Byte == 0)
            await SkipByteOrderMarkAsync(cancellationToken);
        while (true)
        {
            var scan = RecordScanner.Scan(Window.Span, _delimiter, _isAtEnd);
            if (scan.Outcome == ScanOutcome.NeedsMore)
            {
                if (await FillAsync(cancellationToken))
                    continue;
                if (await ReadOverlongAsync(cancellationToken) is { } overlong)
                    return overlong;
                continue;
            }

            if (scan.Consumed == 0)
                return null;
            var record = new CsvRecord(Position.Line, Window[..scan.Length], DefectOf(scan));
            Move(scan.Consumed, scan.Lines);
            if (scan.Length > 0)
                return record;
        }
    }

    public void Dispose() => _stream.Dispose();

    private string? DefectOf(RecordScan scan) => scan.Outcome switch
    {
        ScanOutcome.StrayQuote => "a quote inside an unquoted field",
        ScanOutcome.TextAfterQuote => "text between a closing quote and the next delimiter",
        ScanOutcome.UnclosedQuote => "an unclosed quoted field",
        _ => TextDefectOf(Window.Span[..scan.Length]),
    };

    private string? TextDefectOf(ReadOnlySpan<byte> record) =>
        record.Contains((byte)0) ? "it contains a NUL character"
        : _encoding is not null && record.IndexOf("\uFFFD"u8) >= 0 ? $"not valid {_encoding}"
        : Utf8.IsValid(record) ? null
        : "not valid UTF-8";

    /// <summary>
    /// Reads past a record that exceeds the buffer: either a quoted field that is not closed in time, or a single line that is too long.
    /// </summary>
    private async ValueTask<CsvRecord?> ReadOverlongAsync(CancellationToken cancellationToken)
    {
        var line = Position.Line;
        var first = RecordScanner.FirstLine(Window.Span, _isAtEnd, ScanOutcome.UnclosedQuote);
        if (first.Outcome != ScanOutcome.NeedsMore)
        {
            var broken = new CsvRecord(
                line, Window[..first.Length], $"a quoted field is not closed within {MaxRecordBytes} bytes");
            Move(first.Consumed, first.Lines);
            return broken;
        }

        var kept = Window[..KeptBytes].ToArray();
        do
        {
            // The LF that belongs to a CR at the end of the window may follow.
            Move(Window.Length - (Window.Span[^1] == '\r' ? 1 : 0), 0);
            await FillAsync(cancellationToken);
            first = RecordScanner.FirstLine(Window.Span, _isAtEnd, ScanOutcome.Record);
        }
        while (first.Outcome == ScanOutcome.NeedsMore);
        Move(first.Consumed, first.Lines);
        return new CsvRecord(line, kept, $"the line is longer than {MaxRecordBytes} bytes; its first {KeptBytes} are kept here");
    }

    private async ValueTask SkipByteOrderMarkAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken);
        var start = Window.Span;
        if (start is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
            throw new JobRejectedException("The file is UTF-16. Save it as UTF-8.");
        if (start is [0xEF, 0xBB, 0xBF, ..])
            Move(3, 0);
    }

    private void Move(int bytes, int lines)
    {
        _start += bytes;
        Position = new CsvPosition(Position.Byte + bytes, Position.Line + lines);
    }

    /// <summary>
    /// Fills the buffer, or reads to the end of the stream; a full buffer grows first. Returns false if the buffer has its maximum size.
    /// </summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            Window.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxRecordBytes)
                return false;
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var room = _buffer.Length - _end;
        var read = await _stream.ReadAtLeastAsync(_buffer.AsMemory(_end), room, throwOnEndOfStream: false, cancellationToken);
        _end += read;
        _isAtEnd = read < room;
        return true;
    }
}
