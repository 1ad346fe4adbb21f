using System.Text;
using JobPipeline.BuiltIn.Csv;
using JobPipeline.BuiltIn.Text;

namespace JobPipeline.BuiltIn.Tests.Csv;

/// <summary>Files that are not UTF-8 are decoded correctly or rejected with a remedy, and never imported as garbage.</summary>
[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class CsvEncodingTests(BuiltInStorage storage)
{
    private const string Type = "csv.import";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("utf-16", true, null)]
    [InlineData("utf-16", false, null)]
    [InlineData("utf-16BE", true, null)]
    [InlineData("utf-16BE", false, null)]
    [InlineData("utf-32", true, null)]
    [InlineData("utf-32", false, null)]
    [InlineData("utf-32BE", true, null)]
    [InlineData("utf-32BE", false, null)]
    [InlineData("utf-16BE", false, "utf-16")]
    [InlineData("utf-16", true, "windows-1252")]
    [InlineData("utf-8", true, "windows-1252")]
    [InlineData("utf-8", false, "UTF8")]
    [InlineData("windows-1252", false, "cp1252")]
    [InlineData("iso-8859-15", false, "latin-9")]
    public async Task Import_OfEachEncoding_HasTheSameRows(string encoding, bool marked, string? named)
    {
        await using var harness = storage.Harness();
        var text = "Größe;Preis\r\n\"1 € ü\r\nx\";2\r\n3;é\r\n";
        var bytes = Charsets.Find(encoding)!.GetBytes((marked ? "\uFEFF" : "") + text);
        var (table, blob) = (storage.NewName("Encoded"), await storage.UploadAsync(BinaryData.FromBytes(bytes), Token));

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table, partitionKey = "p", encoding = named }, Token);

        Assert.Equal((2, 0), (result.Imported, result.Rejected));
        Assert.Equal(
            ["Größe=1 € ü\r\nx|PartitionKey=p|Preis=2|RowKey=0000000002", "Größe=3|PartitionKey=p|Preis=é|RowKey=0000000004"],
            (await storage.ShownRowsAsync(table, Token)).Select(row => string.Join('|', row.Split('|').Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task Import_OfShiftJisWithBars_IsNotSplitWithinACharacter()
    {
        await using var harness = storage.Harness();
        var bytes = Charsets.Find("shift_jis")!.GetBytes("名|値\nポ|ア\n");
        var (table, blob) = (storage.NewName("Encoded"), await storage.UploadAsync(BinaryData.FromBytes(bytes), Token));

        await harness.RunAsync<CsvImportResult>(Type, new { blob, table, encoding = "sjis", delimiter = "|", partitionKey = "p" }, Token);

        var row = Assert.Single(await storage.RowsAsync(table, Token));
        Assert.Equal(("ポ", "ア"), (row["名"], row["値"]));
    }

    [Fact]
    public async Task Import_OfUtf16InSlices_ResumesWhereItStopped()
    {
        var text = "key,value\r\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i},é{i}\r\n"));
        var table = storage.NewName("Encoded");
        var blob = await storage.UploadAsync(BinaryData.FromBytes(Encoding.Unicode.GetBytes(text)), Token);
        var faults = new CheckpointFaults([CheckpointFault.None, CheckpointFault.None, CheckpointFault.Stored]);
        await using var harness = storage.Harness(store: faults);

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table }, Token);

        Assert.Equal((3000, 0), (result.Imported, result.Rejected));
        Assert.NotNull(result.ResumedAt);
        var values = (await storage.RowsAsync(table, Token)).Select(row => row.GetString("value"));
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"é{i}"), values);
    }

    [Fact]
    public async Task Import_OfBytesThatTheEncodingLacks_RejectsThoseLines()
    {
        await using var harness = storage.Harness();
        byte[] bytes = [.. Encoding.Unicode.GetBytes("a,b\n1,2\n3,"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\n5,6\n")];
        var (table, blob) = (storage.NewName("Encoded"), await storage.UploadAsync(BinaryData.FromBytes(bytes), Token));

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table }, Token);

        Assert.Equal((2, 1), (result.Imported, result.Rejected));
        var reject = Assert.Single(await storage.RejectsAsync(result.RejectsBlob!, Token));
        Assert.Equal((3, "not valid utf-16"), (reject.Line, reject.Reason));
    }

    [Fact]
    public async Task Import_OfUtf8WithANul_RejectsThatLine()
    {
        await using var harness = storage.Harness();
        var text = "a,b\n1,2\n" + string.Concat(Enumerable.Repeat("x,y\n", 20)) + "3,\0\n5,6\n";
        var (table, blob) = (storage.NewName("Encoded"), await storage.UploadAsync(BinaryData.FromString(text), Token));

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table }, Token);

        Assert.Equal((22, 1), (result.Imported, result.Rejected));
    }

    [Theory]
    [InlineData("a\0b,c\nlonger than twenty times one zero so that nobody takes it for anything else\n", null, "NUL")]
    [InlineData("a,b\n1,2\n", "utf-88", "'encoding' is 'utf-88'")]
    [InlineData("a,b\n1,2\n", "utf-7", "'encoding' is 'utf-7'")]
    public async Task Import_OfAnUnreadableFile_IsDeadLetteredWithTheReason(string text, string? encoding, string why)
    {
        await using var harness = storage.Harness();
        var blob = await storage.UploadAsync(BinaryData.FromString(text), Token);

        var found = await harness.RunToDeadLetterAsync(Type, new { blob, table = storage.NewName("Never"), encoding }, Token);

        Assert.Contains(why, found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfLatin1WithoutItsEncoding_IsDeadLetteredAndNamesTheMember()
    {
        await using var harness = storage.Harness();
        var blob = await storage.UploadAsync(BinaryData.FromBytes(Encoding.Latin1.GetBytes("Größe,b\n1,2\n")), Token);

        var why = await harness.RunToDeadLetterAsync(Type, new { blob, table = storage.NewName("Never") }, Token);

        Assert.Contains("set 'encoding'", why, StringComparison.Ordinal);
    }
}
