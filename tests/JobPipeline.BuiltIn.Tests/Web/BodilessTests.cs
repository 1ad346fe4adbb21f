namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>Responses without a body, regardless of their headers (RFC 9110, sections 8.6 and 15.4.5).</summary>
public sealed class BodilessTests
{
    [Theory]
    [InlineData("HEAD", 200, "Content-Length: 5000000\r\nContent-Type: image/png")]
    [InlineData("HEAD", 200, "Content-Length: 9223372036854775807\r\nContent-Encoding: gzip")]
    [InlineData("HEAD", 404, "Content-Length: 5000000")]
    [InlineData("HEAD", 206, "Content-Length: 5000000\r\nContent-Range: bytes 0-4999999/9000000")]
    [InlineData("GET", 304, "Content-Length: 5000000\r\nContent-Type: image/png")]
    [InlineData("PUT", 204, "Content-Length: 5000000")]
    public async Task Response_WithoutABody_SucceedsWithAnyContentLength(string method, int status, string headers)
    {
        await using var peer = await Peer.StartRawAsync($"HTTP/1.1 {status} Some\r\n{headers}\r\nConnection: close\r\n\r\n");
        await using var scene = new WebScene();

        var result = await scene.RunAsync(new { method, url = peer.Url(), expectedStatus = new[] { $"{status}" }, maxResponseBytes = 10 });

        Assert.Equal((status, "", null), (result.Status, result.Body, result.BodyBase64));
        Assert.Contains("Content-Length", result.Headers.Keys);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Head_OfAStatusThatIsNotExpected_FailsAtOnceWithTheStatus(int status)
    {
        await using var peer = await Peer.StartRawAsync($"HTTP/1.1 {status} Some\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n");
        await using var scene = new WebScene();

        var error = await scene.RunToErrorAsync(new { method = "HEAD", url = peer.Url() });

        Assert.Equal($"HEAD {peer.Url("")} returned status {status}, expected 2xx", error.Message);
    }

    [Fact]
    public async Task Get_OfATooLargeBody_IsDeadLettered()
    {
        await using var peer = await Peer.StartRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n");
        await using var scene = new WebScene();

        var why = await scene.RunToDeadLetterAsync(new { url = peer.Url(), maxResponseBytes = 10 });

        Assert.Contains("more than 10 bytes", why, StringComparison.Ordinal);
    }
}
