using System.Globalization;
using System.Text;
using Azure.Storage.Blobs.Specialized;
using JobPipeline.BuiltIn.Csv;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests;

[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class CsvImportJobTests(BuiltInStorage storage)
{
    private const string Type = "csv.import";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, object> WeatherColumns = new(StringComparer.Ordinal)
    {
        ["date"] = new { type = "date", required = true },
        ["precipitation"] = new { type = "double" },
        ["temp_max"] = new { type = "double" },
        ["temp_min"] = new { type = "double" },
        ["wind"] = new { type = "double" },
    };

    [Fact]
    public async Task Import_TheWeather_HasEveryRowWithItsTypes()
    {
        await using var harness = storage.Harness();
        var (table, blob) = (storage.NewName("Weather"), await storage.UploadSampleAsync("seattle-weather.csv", Token));

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table, columns = WeatherColumns }, Token);

        Assert.Equal(new CsvImportResult(1461, 0, null, table, null), result);
        var rows = await storage.RowsAsync(table, Token);
        Assert.Equal(1461, rows.Count);
        Assert.Equal(4426.0, rows.Sum(row => row.GetDouble("precipitation")!.Value), precision: 6);
        Assert.Equal(35.6, rows.Max(row => row.GetDouble("temp_max")));
        Assert.Equal("0000000002", rows[0].RowKey);
        Assert.Equal(blob.Replace("/", "!2F", StringComparison.Ordinal), rows[0].PartitionKey);
        Assert.Equal(new DateTimeOffset(2015, 12, 31, 0, 0, 0, TimeSpan.Zero), rows[^1].GetDateTimeOffset("date"));
        Assert.Equal("sun", rows[^1].GetString("weather"));
    }

    [Fact]
    public async Task Import_TheWeatherWithInvalidLines_RejectsOnlyThoseLines()
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);
        var (clean, mixed) = (storage.NewName("Weather"), storage.NewName("Weather"));
        object Payload(string path, string table) =>
            new { path, table, columns = WeatherColumns, keyColumns = new[] { "date" }, partitionKey = "seattle" };

        await harness.RunAsync<CsvImportResult>(Type, Payload("seattle-weather.csv", clean), Token);
        var result = await harness.RunAsync<CsvImportResult>(Type, Payload("seattle-weather-with-bad-lines.csv", mixed), Token);

        Assert.Equal((1461, 9), (result.Imported, result.Rejected));
        var rejects = await storage.RejectsAsync(result.RejectsBlob!, Token);
        Assert.Equal(
            [
                (101, "3 fields instead of 6"),
                (252, "7 fields instead of 6"),
                (403, "column 'precipitation' is 'lots', which is not a valid double"),
                (524, "column 'date' is '2013-02-30', which is not a valid date"),
                (645, "column 'date' is required but empty"),
                (806, "an unclosed quoted field"),
                (957, "a quote inside an unquoted field"), (1108, "text between a closing quote and the next delimiter"),
                (1309, "the row key '2012-01-01' is already used by line 2"),
            ],
            rejects.ConvertAll(reject => (reject.Line, reject.Reason)));
        var file = await File.ReadAllLinesAsync(BuiltInStorage.Sample("seattle-weather-with-bad-lines.csv"), Token);
        Assert.All(rejects, reject => Assert.Equal(file[reject.Line - 1], reject.Text));
        Assert.Equal(
            WithoutLines(await storage.ShownRowsAsync(clean, Token)),
            WithoutLines(await storage.ShownRowsAsync(mixed, Token)),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_AgainAsANewJob_WritesTheSameRows(bool keyed)
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);
        var table = storage.NewName("Airports");
        var payload = new { path = "airports.csv", table, keyColumns = keyed ? (string[])["iata"] : null };

        var first = await harness.RunAsync<CsvImportResult>(Type, payload, Token);
        var rows = await storage.ShownRowsAsync(table, Token);
        var second = await harness.RunAsync<CsvImportResult>(Type, payload, Token);

        Assert.Equal(3376, first.Imported);
        Assert.Equal(first, second);
        Assert.Equal(rows, await storage.ShownRowsAsync(table, Token), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("a;b\r\n1;2\r\n", ";", "a=1|b=2")]
    [InlineData("\uFEFFa,b\r\n1,2", ",", "a=1|b=2")]
    [InlineData("a,b\n\"1\r\n2\",\"say \"\"hi\"\", ok\"\n", ",", "a=1\r\n2|b=say \"hi\", ok")]
    [InlineData("a\tb\n1,5\t\n", "\t", "a=1,5")]
    [InlineData("a b,2nd,Timestamp\n1,2,3\n", ",", "Timestamp_=3|_2nd=2|a_b=1")]
    public async Task Import_Dialects_GiveTheSameRow(string text, string delimiter, string expected)
    {
        await using var harness = storage.Harness();
        var (table, blob) = (storage.NewName("Dialect"), await storage.UploadAsync(BinaryData.FromString(text), Token));

        await harness.RunAsync<CsvImportResult>(Type, new { blob, table, delimiter, partitionKey = "p" }, Token);

        var cells = Assert.Single(await storage.ShownRowsAsync(table, Token))
            .Split('|')
            .OrderByDescending(cell => cell.StartsWith("PartitionKey=", StringComparison.Ordinal))
            .ThenByDescending(cell => cell.StartsWith("RowKey=", StringComparison.Ordinal));
        Assert.Equal($"PartitionKey=p|RowKey=0000000002|{expected}", string.Join('|', cells));
    }

    [Fact]
    public async Task Import_Types_AreStoredInTheTable()
    {
        await using var harness = storage.Harness();
        const string text = "i,d,t,b,s\n 9007199254740993 ,-1.5e3,2026-11-24T10:00:00+01:00,TRUE,\n,,,,x\n"
            + "1.5,,,,\n,NaN,,,\n,,24.11.2026,,\n,,1600-12-31,,\n,,,yes,\n9223372036854775808,,,,\n";
        var blob = await storage.UploadAsync(BinaryData.FromString(text), Token);
        var table = storage.NewName("Types");
        var columns = new { i = new { type = "int" }, d = new { type = "double" }, t = new { type = "date" }, b = new { type = "bool" } };

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table, columns }, Token);

        Assert.Equal((2, 6), (result.Imported, result.Rejected));
        var rows = await storage.RowsAsync(table, Token);
        Assert.Equal(9007199254740993, rows[0]["i"]);
        Assert.Equal(-1500.0, rows[0]["d"]);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero), rows[0].GetDateTimeOffset("t"));
        Assert.Equal(true, rows[0]["b"]);
        Assert.False(rows[0].ContainsKey("s"), "an empty string is not stored as a property");
        Assert.Equal("x", rows[1]["s"]);
    }

    [Fact]
    public async Task Import_HeaderOnly_SucceedsWithoutRows()
    {
        await using var harness = storage.Harness();
        var (table, blob) = (storage.NewName("Empty"), await storage.UploadAsync(BinaryData.FromString("a,b\n"), Token));

        Assert.Equal(
            new CsvImportResult(0, 0, null, table, null), await harness.RunAsync<CsvImportResult>(Type, new { blob, table }, Token));
        Assert.Empty(await storage.RowsAsync(table, Token));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\uFEFF", "is empty")]
    [InlineData("a,b,a\n", "names the column 'a' twice")]
    [InlineData("a,,c\n", "Column 2 of the header has no name")]
    [InlineData("a b,a_b,b\n", "'a b' and 'a_b' would both become the table property 'a_b'")]
    [InlineData("a,\"b\n", "The header of")]
    [InlineData("a,c\n", "no column 'b'")]
    public async Task Import_InvalidHeader_IsDeadLetteredAtOnce(string text, string why)
    {
        await using var harness = storage.Harness();
        var blob = await storage.UploadAsync(BinaryData.FromString(text), Token);

        Assert.Contains(
            why,
            await harness.RunToDeadLetterAsync(Type, new { blob, table = storage.NewName("Never"), keyColumns = (string[])["b"] }, Token),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "blob": "inbox/x", "table": "1st" }""", "'table' must have")]
    [InlineData("""{ "blob": "inbox/x" }""", "table")]
    [InlineData("""{ "blob": "inbox/x", "table": "deadletters" }""", "a table of the pipeline itself")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "delimiter": ",," }""", "'delimiter'")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "batchSize": 101 }""", "BatchSize")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "partitionKey": "a/b" }""", "'partitionKey'")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "keyColumns": [] }""", "'keyColumns'")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "columns": { "a": { "type": "decimal" } } }""", "columns")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "columns": { "a": { "type": 9 } } }""", "no valid type for 'a'")]
    [InlineData("""{ "blob": "inbox/x", "table": "Fine", "rejects": "nowhere" }""", "rejects: 'nowhere' has no '/'")]
    [InlineData("""{ "blob": "inbox/no-such.csv", "table": "Fine" }""", "Blob 'inbox/no-such.csv' does not exist")]
    [InlineData("""{ "path": "../x.csv", "table": "Fine" }""", "leads out of")]
    public async Task Import_InvalidPayload_IsDeadLetteredAtOnce(string payload, string why)
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);

        Assert.Contains(
            why,
            await harness.RunToDeadLetterAsync(Type, System.Text.Json.JsonDocument.Parse(payload).RootElement, Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_MoreRejectsThanAllowed_FailsPermanentlyAndKeepsThem()
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);
        var rejects = $"rejects/{storage.NewName("few-")}.csv";
        var payload = new
        {
            path = "seattle-weather-with-bad-lines.csv",
            table = storage.NewName("Weather"),
            columns = WeatherColumns,
            rejects,
            maxRejects = 2,
        };

        var why = await harness.RunToDeadLetterAsync(Type, payload, Token);

        Assert.Contains("'maxRejects' (2)", why, StringComparison.Ordinal);
        Assert.Contains(rejects, why, StringComparison.Ordinal);
        Assert.Equal([101, 252, 403], (await storage.RejectsAsync(rejects, Token)).ConvertAll(reject => reject.Line));
    }

    [Fact]
    public async Task Import_RejectsOfAnEarlierJobUnderTheSameName_AreReplaced()
    {
        await using var harness = storage.Harness();
        var rejects = $"rejects/{storage.NewName("same-")}.csv";
        foreach (var text in new[] { "a,b\nold\n", "a,b\n1,2\nnew\n" })
            await harness.RunAsync<CsvImportResult>(
                Type,
                new { blob = await storage.UploadAsync(BinaryData.FromString(text), Token), table = storage.NewName("Table"), rejects },
                Token);

        Assert.Equal([new RejectedRow(3, "1 field instead of 2", "new")], await storage.RejectsAsync(rejects, Token));
    }

    [Fact]
    public async Task Import_RejectsOverAnotherBlob_FailsPermanentlyAndKeepsIt()
    {
        await using var harness = storage.Harness();
        var blob = await storage.UploadAsync(BinaryData.FromString("a,b\nbad\n"), Token);

        Assert.Contains(
            "exists already",
            await harness.RunToDeadLetterAsync(Type, new { blob, table = storage.NewName("Table"), rejects = blob }, Token),
            StringComparison.Ordinal);
        Assert.Equal(
            "a,b\nbad\n",
            (await storage.Blobs.GetBlobContainerClient("inbox").GetBlobClient(blob[6..]).DownloadContentAsync(Token)).Value.Content
                .ToString());
    }

    [Fact]
    public async Task Import_HugeAndWideLines_AreRowsOrRejects()
    {
        await using var harness = storage.Harness();
        var text = new StringBuilder("a,b,c\n");
        for (var i = 0; i < 40; i++)
            text.Append(CultureInfo.InvariantCulture, $"{new string('é', 32_000)},{new string('"', 2)},{i}\n");
        text.Append("x,").Append('y', 40_000).Append(",z\n").Append('q', 2_000_000).Append("\nlast,one,here\n");
        var (table, blob) = (storage.NewName("Wide"), await storage.UploadAsync(BinaryData.FromString(text.ToString()), Token));

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table }, Token);

        Assert.Equal((41, 2), (result.Imported, result.Rejected));
        Assert.Equal(
            [
                "column 'b' has 40000 characters; the maximum is 32768",
                "the line is longer than 1048576 bytes; its first 4096 are kept here",
            ],
            (await storage.RejectsAsync(result.RejectsBlob!, Token)).ConvertAll(reject => reject.Reason));
        Assert.Equal("0000000044", (await storage.RowsAsync(table, Token))[^1].RowKey);
    }

    [Fact]
    public async Task Import_ManyRejects_NeedFarFewerAppendsThanBatches()
    {
        await using var harness = storage.Harness();
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},x\nbad {i}\n"));
        var blob = await storage.UploadAsync(BinaryData.FromString(text), Token);

        var result = await harness.RunAsync<CsvImportResult>(Type, new { blob, table = storage.NewName("Many"), batchSize = 2 }, Token);

        Assert.Equal(300, (await storage.RejectsAsync(result.RejectsBlob!, Token)).Count);
        var properties = await storage.Blobs.GetBlobContainerClient("rejects")
            .GetAppendBlobClient(result.RejectsBlob![8..])
            .GetPropertiesAsync(cancellationToken: Token);
        Assert.InRange(properties.Value.BlobCommittedBlockCount, 2, 6);
    }

    [Fact]
    public async Task Import_OfOneKeyColumnWithFewValues_RejectsEveryLineButTheFirstOfEach()
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);
        var table = storage.NewName("Weather");

        var result = await harness.RunAsync<CsvImportResult>(
            Type, new { path = "seattle-weather.csv", table, keyColumns = (string[])["weather"] }, Token);

        Assert.Equal((5, 1456), (result.Imported, result.Rejected));
        var firsts = (await storage.RowsAsync(table, Token))
            .ToDictionary(row => row.RowKey, row => row.GetInt64("ImportLine"), StringComparer.Ordinal);
        var lines = await File.ReadAllLinesAsync(BuiltInStorage.Sample("seattle-weather.csv"), Token);
        Assert.All(
            firsts,
            first => Assert.Equal(
                Array.FindIndex(lines, line => line.EndsWith("," + first.Key, StringComparison.Ordinal)) + 1,
                first.Value));
    }

    [Fact]
    public async Task Progress_WhenDone_IsTheWholeFile()
    {
        await using var harness = storage.Harness(roots: [BuiltInStorage.Sample("")]);

        var id = await harness.EnqueueAsync(Type, new { path = "seattle-weather.csv", table = storage.NewName("Weather") }, Token);
        await harness.RunUntilIdleAsync(Token);

        Assert.Equal(
            new JobProgress(48219, 48219, "1461 lines imported, 0 rejected (progress in bytes)"),
            (await harness.GetAsync(id, Token)).Current!.Progress);
    }

    private static IEnumerable<string> WithoutLines(IEnumerable<string> rows) =>
        rows.Select(row => string.Join('|', row.Split('|').Where(cell => !cell.StartsWith("ImportLine=", StringComparison.Ordinal))));
}
