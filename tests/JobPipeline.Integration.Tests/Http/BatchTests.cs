using System.Net;
using System.Text.Json;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class BatchTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Lines = "application/x-ndjson";

    [Fact]
    public async Task Batch_OfValidAndInvalidLines_ReturnsResultsInOrder()
    {
        var key = $"k{Guid.NewGuid():N}";
        string[] lines =
        [
            """{ "type": "test.work", "payload": { "milliseconds": 1 }, "tags": ["b"] }""",
            """{ "type": "test.wrok" }""",
            $$"""{ "type": "test.work", "key": "{{key}}", "payload": { "milliseconds": 2 } }""",
            $$"""{ "type": "test.work", "key": "{{key}}", "payload": { "milliseconds": 2 } }""",
            $$"""{ "type": "test.work", "key": "{{key}}", "payload": { "milliseconds": 3 } }""",
            "not json",
            """{ "type": "test.work", "payload": { "milliseconds": "soon", "failForGood": 7 },"""
                + """ "queue": "jobs-hihg", "maxAttempts": 0, "tgas": [] }""",
            """{ "type": "test.work", "maxAttempts": 0, "timeout": "-00:00:01", "delay": "00:00:01","""
                + """ "notBefore": "2026-01-01T00:00:00Z" }""",
            "",
            """{ "type": "test.work", "delay": "00:00:00.001" }""",
        ];
        using var answer = await host.PostAsync("api/jobs:batch", string.Join("\r\n", lines), Lines);

        var batch = await answer.ReadAsync(HttpStatusCode.OK);

        var items = batch.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([202, 400, 202, 202, 422, 400, 400, 400, 202], items.Select(item => item.GetProperty("status").GetInt32()));
        Assert.Equal((4, 5), (batch.GetProperty("accepted").GetInt32(), batch.GetProperty("refused").GetInt32()));
        Assert.Equal(items[2].Id(), items[3].Id());
        Assert.Equal([false, true], items[2..4].Select(item => item.GetProperty("isDuplicate").GetBoolean()));
        Assert.Equal(["type"], items[1].ErrorFields());
        Assert.Contains("did you mean 'test.work'?", items[1].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("urn:jobpipeline:problem:key-conflict", items[4].GetProperty("type").GetString());
        Assert.Equal(["tgas"], items[6].ErrorFields());
        Assert.Equal(["delay", "maxAttempts", "timeout"], items[7].ErrorFields());
        foreach (var item in items.Where(item => item.TryGetProperty("id", out _)))
            Assert.Equal("succeeded", (await host.EndedAsync(item.Id())).State());
    }

    [Fact]
    public async Task Batch_OfAThousandInAnArray_EnqueuesThemAll()
    {
        var tag = $"t{Guid.NewGuid():N}";
        var body = JsonSerializer.Serialize(
            Enumerable.Range(0, 1000)
                .Select(i => new { type = i == 500 ? "nobody" : "test.work", payload = new { milliseconds = 0 }, tags = new[] { tag } }));
        using var answer = await host.PostAsync("api/jobs:batch", body);

        var batch = await answer.ReadAsync(HttpStatusCode.OK);

        var items = batch.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(1000, items.Count);
        Assert.Equal(400, items[500].GetProperty("status").GetInt32());
        Assert.Equal(999, items.Where((_, i) => i != 500).Select(item => item.Id()).Distinct().Count());
        Assert.Equal("succeeded", (await host.EndedAsync(items[999].Id())).State());
    }

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("""[{ "type": "test.work" }""", "application/json")]
    [InlineData("""[{ "type": "test.work" }] 1""", "application/json")]
    [InlineData("\n\n", Lines)]
    public async Task Batch_ThatCannotBeParsed_IsRejectedAsAWhole(string body, string mediaType)
    {
        using var answer = await host.PostAsync("api/jobs:batch", body, mediaType);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Batch_TooLongOrTooLargeOrOfAnotherMediaType_IsRejected()
    {
        using var many = await host.PostAsync("api/jobs:batch", string.Concat(Enumerable.Repeat("{}\n", 1001)), Lines);
        await many.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var large = await host.PostAsync("api/jobs:batch", new string(' ', (16 * 1024 * 1024) + 1), Lines);
        await large.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload-too-large");
        using var text = await host.PostAsync("api/jobs:batch", "[]", "text/plain");
        await text.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task Batch_OfAnItemAtTheMaximumDepth_AcceptsItAndRejectsOnlyADeeperOne()
    {
        static string Item(int depth) =>
            $$"""{ "type": "test.work", "payload": { "more": {{new string('[', depth)}}{{new string(']', depth)}} } }""";
        using var answer = await host.PostAsync("api/jobs:batch", $"[{Item(58)},{Item(200)}]");

        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var lines = await host.PostAsync("api/jobs:batch", $"{Item(58)}\n{Item(200)}", Lines);
        Assert.Equal(
            [202, 400],
            (await lines.ReadAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(
                item => item.GetProperty("status").GetInt32()));
    }
}
