using System.Text;
using JobPipeline.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Failures;

/// <summary>Tests of the text that is logged for an error.</summary>
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("the disk is full", "System.IO.IOException: the disk is full")]
    [InlineData("  the disk is full\r\n   at Some.Where()", "System.IO.IOException: the disk is full")]
    [InlineData("red \u001b[31malert\u001b[0m", "System.IO.IOException: red  [31malert [0m")]
    [InlineData("", "System.IO.IOException")]
    [InlineData("Status code: 404, ErrorCode=BlobNotFound", "System.IO.IOException: Status code: 404, ErrorCode=BlobNotFound")]
    public void Of_Error_IsItsTypeAndTheFirstLineOfItsMessage(string message, string expected) =>
        Assert.Equal(expected, ErrorText.Of(Error(message), Job));

    [Theory]
    [InlineData("login failed: Server=db;Password=t0ps3cr3t;Timeout=3")]
    [InlineData("DefaultEndpointsProtocol=https;AccountKey=t0ps3cr3t==;AccountName=a")]
    [InlineData("GET https://a.blob.example/c?sv=1&sig=t0ps3cr3t%3D: 403")]
    [InlineData("POST http://localhost/api?code=t0ps3cr3t failed")]
    [InlineData("ftp://joe:t0ps3cr3t@files.example refused")]
    [InlineData("the header was Authorization: Bearer t0ps3cr3t.abc-def")]
    [InlineData("""{ "apiKey": "t0ps3cr3t" } is refused""")]
    public void Of_MessageWithASecret_OmitsIt(string message)
    {
        var text = ErrorText.Of(Error(message), Job);

        Assert.DoesNotContain("t0ps3cr3t", text, StringComparison.Ordinal);
        Assert.Contains("***", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_JsonError_OmitsTheMessageThatQuotesThePayload() => Assert.Equal(
        "System.Text.Json.JsonException",
        ErrorText.Of(Error("'s' is an invalid start of a value. Path: $.salary") with { Type = "System.Text.Json.JsonException" }, Job));

    [Fact]
    public void Of_LongMessage_IsTruncatedBetweenCharacters()
    {
        var text = ErrorText.Of(Error(new string('x', 299) + "😀 and so on"), Job);

        Assert.Equal($"System.IO.IOException: {new string('x', 299)} …", text);
    }

    [Theory]
    [InlineData("""{ "to": "ada@example.com" }""", "can't reach ada@example.com: no such host", "can't reach ***: no such host")]
    [InlineData("""{ "to": { "all": ["Ada", "Ada Lovelace"] } }""", "Ada Lovelace is no address", "*** is no address")]
    [InlineData("""{ "account": 4711000123 }""", "account 4711000123 is closed", "account *** is closed")]
    [InlineData("""{ "amount": 1.50e4 }""", "15000 is too much", "*** is too much")]
    [InlineData("""{ "limits": { "ada@example.com": 3 } }""", "ada@example.com is over its limit", "*** is over its limit")]
    [InlineData("""{ "note": "first\nsecond" }""", "bad note: first\nsecond", "bad note: ***")]
    [InlineData("\"ada@example.com\"", "can't reach ada@example.com", "can't reach ***")]
    [InlineData("""{ "path": "a", "ok": true, "n": 12 }""", "path a of 12 is not ok: true", "path a of 12 is not ok: true")]
    public void Of_MessageThatQuotesThePayload_MasksTheQuote(string payload, string message, string expected) => Assert.Equal(
        $"System.IO.IOException: {expected}", ErrorText.Of(Error(message), Job with { Payload = Encoding.UTF8.GetBytes(payload) }));

    [Fact]
    public void Of_ErrorOfAJobWithItsPayloadInABlob_IsTheTypeOnly() =>
        Assert.Equal("System.IO.IOException", ErrorText.Of(Error("can't reach ada@example.com"), Job with { PayloadInBlob = true }));

    private static readonly JobSpec Job = new() { Type = "mail.send", EnqueuedAt = DateTimeOffset.UnixEpoch };

    private static AttemptError Error(string message) =>
        new(ErrorKind.Transient, "System.IO.IOException", message, null, DateTimeOffset.UnixEpoch, TimeSpan.Zero, "me");
}
