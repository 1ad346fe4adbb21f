using System.Text;
using CsCheck;
using JobPipeline.BuiltIn.Csv;
using JobPipeline.BuiltIn.Csv.Reading;

namespace JobPipeline.BuiltIn.Tests.Csv;

[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class CsvDialectTests(BuiltInStorage storage)
{
    private const string Type = "csv.import";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a,b\n", null, ',', 0)]
    [InlineData("a;b\n", null, ';', 0)]
    [InlineData("a\tb\n", null, '\t', 0)]
    [InlineData("a|b\n", null, '|', 0)]
    [InlineData("alone\n1;2\n", null, ',', 0)]
    [InlineData("", null, ',', 0)]
    [InlineData("a,b;c\n", null, ',', 0)]
    [InlineData("\"a;b\",c\n", null, ',', 0)]
    [InlineData("\"a,b\";c\n", null, ';', 0)]
    [InlineData("\"a\nb;c\"\t\"d\"\n", null, '\t', 0)]
    [InlineData("\r\n\na;b\n", null, ';', 0)]
    [InlineData("\uFEFFa;b\n", null, ';', 0)]
    [InlineData("a;b\n", ';', ';', 0)]
    [InlineData("a:b\n", ':', ':', 0)]
    [InlineData("sep=;\na;b,c\n", null, ';', 6)]
    [InlineData("sep=,\r\na,b\r\n", null, ',', 7)]
    [InlineData("SEP=|\ra|b\r", null, '|', 6)]
    [InlineData("\"sep=;\"\r\na;b\n", null, ';', 9)]
    [InlineData("\uFEFFsep=\t\na\tb\n", null, '\t', 9)]
    [InlineData("sep=^\na^b\n", null, '^', 6)]
    [InlineData("sep=;\na;b\n", ';', ';', 6)]
    [InlineData("sep=;", null, ';', 5)]
    [InlineData("sep=a;b\n", null, ';', 0)]
    public void Of_StartOfAFile_DetectsDelimiterAndHeader(string text, char? wanted, char delimiter, int header)
    {
        var dialect = CsvDialect.Of(Encoding.UTF8.GetBytes(text), wanted);

        Assert.Null(dialect.Error);
        Assert.Equal((delimiter, (long)header, header == 0 ? 1 : 2), (dialect.Delimiter, dialect.Header.Byte, dialect.Header.Line));
    }

    [Theory]
    [InlineData("a;b|c\n", null, "set 'delimiter'")]
    [InlineData("a;b;c, d\n", null, "set 'delimiter'")]
    [InlineData("a\tb|c;d\n", null, "set 'delimiter'")]
    [InlineData("a;b;c\n", ',', "no ',', but 2 times ';'")]
    [InlineData("a,b\n", ';', "no ';', but 1 times ','")]
    [InlineData("sep=;\na,b\n", null, "no ';', but 1 times ','")]
    [InlineData("sep=;\na,b\n", ',', "must agree")]
    public void Of_ContradictoryStart_NamesARemedy(string text, char? wanted, string why) =>
        Assert.Contains(why, CsvDialect.Of(Encoding.UTF8.GetBytes(text), wanted).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("a;b\n1;2\n", null, 1)]
    [InlineData("a\tb\n1\t2\n", null, 1)]
    [InlineData("sep=;\r\na;b\r\n1;2\r\n", null, 1)]
    [InlineData("\uFEFF\"sep=;\"\r\na;b\r\n1;2\r\n", null, 1)]
    [InlineData("a,b\n1,2\nsep=,\n3,4\n", null, 3)]
    [InlineData("a,b\n1,2\n\"sep=,\"\n3,4\n", null, 2)]
    [InlineData("a;b\n1;2\nsep=;\n3;4\n", ";", 3)]
    public async Task Import_WithAHintOrAnotherDelimiter_HasEveryRow(string text, string? delimiter, int rows)
    {
        await using var harness = storage.Harness();
        var (table, blob) = (storage.NewName("Dialect"), await storage.UploadAsync(BinaryData.FromString(text), Token));

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table, delimiter, partitionKey = "p" }, Token);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Count(line => line[0] is not ('a' or '\uFEFF') && line != "sep=;\r");
        Assert.Equal((rows, lines - rows), (result.Imported, result.Rejected));
        Assert.All(await storage.RowsAsync(table, Token), row => Assert.True(row.ContainsKey("a") && !row.ContainsKey("a_b")));
    }

    [Fact]
    public async Task Import_OfSemicolonsWithACommaDelimiter_IsDeadLetteredAndNamesTheMember()
    {
        await using var harness = storage.Harness();
        var blob = await storage.UploadAsync(BinaryData.FromString("a;b\n1;2\n"), Token);

        var why = await harness.RunToDeadLetterAsync(Type, new { blob, table = storage.NewName("Never"), delimiter = "," }, Token);

        Assert.Contains("'delimiter'", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfByteOrderMarksWithinTheFile_KeepsThem()
    {
        await using var harness = storage.Harness();
        var table = storage.NewName("Dialect");
        var blob = await storage.UploadAsync(BinaryData.FromString("\uFEFFa,b\n\uFEFF1,2\n\uFEFF\uFEFF3,4\n"), Token);

        await harness.RunAsync<CsvImportResult>(Type, new { blob, table }, Token);

        var cells = (await storage.RowsAsync(table, Token)).Select(row => row.GetString("a"));
        Assert.Equal(["\uFEFF1", "\uFEFF\uFEFF3"], cells, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Import_ResumedBeforeAHint_ReadsItAsARow()
    {
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},x\n\uFEFFsep=,\n"));
        var (table, blob) = (storage.NewName("Dialect"), await storage.UploadAsync(BinaryData.FromString(text), Token));
        var faults = new CheckpointFaults([CheckpointFault.None, CheckpointFault.None, CheckpointFault.Stored]);
        await using var harness = storage.Harness(store: faults);

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table, batchSize = 1 }, Token);

        Assert.Equal((20, 0), (result.Imported, result.Rejected));
        Assert.NotNull(result.ResumedAt);
    }

    [Fact]
    public void Split_RecordThatBeginsLikeAFile_LosesNothing() =>
        Gen.OneOf("sep=,", "sep=;", "\uFEFF", "\uFFFE", "#", "a", " ", "=", ";", "é").Array[1, 5].Array[1, 4].Sample(cells =>
        {
            var fields = cells.Select(cell => string.Concat(cell)).ToArray();
            var record = string.Join(',', fields.Select(field => $"\"{field}\""));
            Assert.Equal(fields, new CsvFields(',').Split(Encoding.UTF8.GetBytes(record)), StringComparer.Ordinal);
            var bare = fields.Select(field => field.Replace(",", "", StringComparison.Ordinal)).ToArray();
            Assert.Equal(bare, new CsvFields(',').Split(Encoding.UTF8.GetBytes(string.Join(',', bare))), StringComparer.Ordinal);
        }, iter: 10_000);
}
