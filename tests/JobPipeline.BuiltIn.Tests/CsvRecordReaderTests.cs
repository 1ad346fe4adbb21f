using System.Text;
using CsCheck;
using CsvHelper;
using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Tests;

public sealed class CsvRecordReaderTests
{
    private const int Limit = CsvRecordReader.MaxRecordBytes;

    private static readonly Gen<byte[]> AnyBytes = Gen.OneOf("a", ",", "\"", "\n", "\r", "\r\n", "Ã©", "\u00FF")
        .Array[0, 30].Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts)));

    private static readonly Gen<string> AnyCell = Gen.OneOf("a", ",", "\"", "\n", "\r\n", "é", " ", "1").Array[0, 5].Select(string.Concat);

    [Fact]
    public void Read_OutputOfCsvHelper_ReturnsTheSameRecords() =>
        Gen.Select(AnyCell.Array[2, 4].Array[1, 6], Gen.OneOf("\n", "\r\n", "\r"), Gen.Bool).Sample((rows, newLine, withMark) =>
        {
            using var text = new MemoryStream();
            var options = new CsvWriterOptions { NewLine = newLine, ValidateFieldCount = false, WriteByteOrderMark = withMark };
            using (var writer = CsvWriter.Create(text, options, leaveOpen: true))
            {
                foreach (var row in rows)
                    writer.WriteRecord(row);
            }

            var fields = new CsvFields(',');
            var records = Read(text.ToArray());
            Assert.All(records, record => Assert.Null(record.Defect));
            Assert.Equal(rows, records.ConvertAll(record => fields.Split(record.Bytes)));
        });

    [Fact]
    public void Read_AnyBytesInAnyChunks_LosesNoLineAndResumesFromAnyRecord() =>
        Gen.Select(AnyBytes, Gen.Int[1, 7]).Sample((bytes, chunk) =>
        {
            var whole = Read(bytes);
            Assert.Equal(whole.Select(Shown), Read(bytes, chunk: chunk).Select(Shown), StringComparer.Ordinal);
            var lines = LinesOf(bytes);
            foreach (var record in whole)
            {
                Assert.Equal(
                    whole.Where(other => other.Line > record.Line).Select(Shown),
                    Read(bytes, from: record.Next).Select(Shown),
                    StringComparer.Ordinal);
                Assert.StartsWith(lines[(int)record.Line - 1], Encoding.Latin1.GetString(record.Bytes.Span), StringComparison.Ordinal);
            }

            Assert.Equal(WithoutBreaks(bytes), WithoutBreaks(whole.SelectMany(record => record.Bytes.ToArray())));
        }, iter: 20_000);

    [Theory]
    [InlineData("a,b\nc,d", "1:a,b|2:c,d")]
    [InlineData("a,b\r\nc,d\r\n", "1:a,b|2:c,d")]
    [InlineData("\uFEFFa,b\r\rc", "1:a,b|3:c")]
    [InlineData("\"x\r\ny\",1\nz,2", "1:\"x\r\ny\",1|3:z,2")]
    [InlineData("\"say \"\"hi\"\"\",1", "1:\"say \"\"hi\"\"\",1")]
    [InlineData("", "")]
    [InlineData("\uFEFF", "")]
    [InlineData("\n\n", "")]
    [InlineData("a,\"b\nc,d\ne,f", "!1:a,\"b|2:c,d|3:e,f")]
    [InlineData("a,\"b\nc,d\ne,\"f\"", "!1:a,\"b|2:c,d|3:e,\"f\"")]
    [InlineData("a\"b\nc", "!1:a\"b|2:c")]
    [InlineData("\"a\"b\nc", "!1:\"a\"b|2:c")]
    [InlineData("\"a", "!1:\"a")]
    public void Read_Text_ReturnsRecordsWithTheirLines(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Read(Encoding.UTF8.GetBytes(text)).Select(Shown)));

    [Fact]
    public void Read_NotUtf8_IsADefectOfThatLineAlone() =>
        Assert.Equal(
            [null, "not valid UTF-8", null],
            Read([.. "a\n"u8, 0xC3, (byte)'\n', .. "b\n"u8]).Select(record => record.Defect),
            StringComparer.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0x61 })]
    public void Read_Utf16_IsRejected(byte[] bytes) =>
        Assert.Contains("UTF-8", Assert.Throws<JobRejectedException>(() => Read(bytes)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Limit - 1, "\n", true)]
    [InlineData(Limit, "\n", false)]
    [InlineData(Limit * 3, "\n", false)]
    [InlineData(Limit - 1, "\r\n", false)]
    [InlineData(Limit - 2, "\r\n", true)]
    [InlineData((Limit * 2) - 1, "\r\n", false)]
    [InlineData(Limit + 5, "", false)]
    public void Read_HugeLine_IsARecordUpToTheLimitAndADefectAbove(int length, string end, bool fits)
    {
        var records = Read(Encoding.ASCII.GetBytes("a,b\n" + new string('x', length) + end + (end.Length > 0 ? "c,d\n" : "")));

        Assert.Equal(fits, records[1].Defect is null);
        Assert.Equal(fits ? length : CsvRecordReader.KeptBytes, records[1].Bytes.Length);
        Assert.Equal(
            end.Length > 0 ? ["1:a,b", "3:c,d"] : ["1:a,b"],
            records.Where((_, i) => i != 1).Select(Shown),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Read_QuoteThatIsNotClosedInAHugeFile_CostsOneLine()
    {
        var lines = string.Concat(Enumerable.Range(3, 400_000).Select(n => $"{n},x\n"));

        var records = Read(Encoding.ASCII.GetBytes("1,x\n2,\"x\n" + lines));

        Assert.Equal(400_002, records.Count);
        Assert.Equal(2, Assert.Single(records, record => record.Defect is not null).Line);
    }

    private static List<Seen> Read(byte[] bytes, CsvPosition? from = null, int chunk = int.MaxValue)
    {
        var position = from ?? CsvPosition.Start;
        using var reader = new CsvRecordReader(new ChunkedStream(bytes[(int)position.Byte..], chunk), position, ',');
        var records = new List<Seen>();
        // The stream is in memory, so every read completes synchronously.
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } record)
            records.Add(new Seen(record.Line, record.Bytes.ToArray(), record.Defect, reader.Position));
        return records;
    }

    private static string Shown(Seen record) =>
        $"{(record.Defect is null ? "" : "!")}{record.Line}:{Encoding.UTF8.GetString(record.Bytes.Span)}";

    private static string WithoutBreaks(IEnumerable<byte> bytes) =>
        Encoding.Latin1.GetString([.. bytes.Where(b => b is not ((byte)'\n' or (byte)'\r'))]);

    private static List<string> LinesOf(byte[] bytes)
    {
        using var reader = new StringReader(Encoding.Latin1.GetString(bytes));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }

    private sealed record Seen(long Line, ReadOnlyMemory<byte> Bytes, string? Defect, CsvPosition Next);

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
