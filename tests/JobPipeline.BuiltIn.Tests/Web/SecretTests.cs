using System.Text.Json;
using JobPipeline.BuiltIn.Web;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>A peer that echoes the request: no secret may remain in the stored job or in a log.</summary>
public sealed class SecretTests
{
    private const string Token = "abc/def+ghi&jkl==";
    private const string Password = "correct horse <battery>";
    private static readonly string[] Needles =
        ["abc/def", "abc\\/def", "abc%2Fdef", "ghi&jkl", "ghi\\u0026jkl", "battery", "b3JzZSA8YmF0dGVyeT4"];

    [Theory]
    [InlineData(200, "text/plain", "abc/def+ghi&jkl==")]
    [InlineData(200, "image/png", "abc/def+ghi&jkl==")]
    [InlineData(200, "application/json", "\"abc\\/def+ghi&jkl==\"")]
    [InlineData(400, "text/plain", "abc/def+ghi&jkl==")]
    [InlineData(400, "application/octet-stream", "abc/def+ghi&jkl==")]
    [InlineData(500, "text/plain", "abc%2Fdef%2Bghi%26jkl%3D%3D")]
    [InlineData(429, "text/plain", "abc/def+ghi&jkl==")]
    public async Task Credentials_EchoedByThePeer_AreNotStored(int status, string type, string body)
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            context.Response.Headers["X-Echo"] = context.Request.Headers.Authorization;
            context.Response.Headers["X-Session-Token"] = "of the peer";
            await context.Response.WriteAsync(
                $"{body} {context.Request.Headers["X-Other"]} {JsonSerializer.Serialize(context.Request.Headers.ToDictionary())}",
                WebScene.Token);
        });
        await using var scene = Scene(peer);

        var kept = await RunAsync(scene, status);

        Assert.Contains($"Bearer {Token}", peer.Requests[0].Headers["Authorization"], StringComparison.Ordinal);
        Assert.All(Needles, needle => Assert.DoesNotContain(needle, kept, StringComparison.Ordinal));
        Assert.DoesNotContain("of the peer", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nabc/def+ghi&jkl==\r\n\r\n")]
    [InlineData("abc/def+ghi&jkl==\r\n\r\n")]
    [InlineData("HTTP/1.1 307 Away\r\nLocation: ftp://abc/def+ghi&jkl==\r\nContent-Length: 0\r\n\r\n")]
    public async Task Credentials_InAnInvalidResponse_AreNotStored(string answer)
    {
        await using var peer = await Peer.StartRawAsync(answer);
        await using var scene = Scene(peer);

        var kept = await RunAsync(scene, status: 0);

        Assert.All(Needles, needle => Assert.DoesNotContain(needle, kept, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BasicCredentials_EchoedByThePeer_AreNotStored()
    {
        await using var peer = await Peer.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Headers.Authorization} {Password}", WebScene.Token));
        await using var scene = new WebScene(
            ("Connections:crm:BaseAddress", peer.Url()), ("Connections:crm:User", "ada"), ("Connections:crm:Password", Password));

        Assert.Equal("[redacted] [redacted]", (await scene.RunAsync(new { url = "/", connection = "crm" })).Body);
    }

    /// <summary>Runs one job and returns everything that is stored or logged of it, as text.</summary>
    private static async Task<string> RunAsync(WebScene scene, int status)
    {
        var id = await scene.EnqueueOnceAsync(new { url = "/", connection = "crm" });
        await scene.Harness.RunNextAsync(WebScene.Token);
        var job = await scene.Harness.GetAsync(id, WebScene.Token);
        Assert.Equal(
            status switch { 200 => JobState.Succeeded, 429 => JobState.Scheduled, _ => JobState.DeadLettered },
            job.Record!.Status.State);
        var result = await scene.Harness.GetResultAsync<HttpRequestResult>(id, WebScene.Token);
        var deadLetters = await scene.Harness.GetDeadLettersAsync(WebScene.Token);
        Assert.NotEmpty(scene.Log.Text);
        return string.Join(
            '\n',
            scene.Log.Text,
            result,
            string.Join('\n', result?.Headers.Select(header => $"{header}") ?? []),
            result?.BodyBase64 is { } base64 ? System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(base64)) : "",
            job.Record.Status,
            string.Join('\n', job.Attempts.Select(attempt => $"{attempt} {attempt.Error}")),
            string.Join(
                '\n',
                deadLetters.Select(
                    deadLetter =>
                        $"{deadLetter.Detail} {string.Join(' ', deadLetter.Errors)} "
                        + $"{System.Text.Encoding.UTF8.GetString(deadLetter.Original.Span)}")));
    }

    private static WebScene Scene(Peer peer) => new(
        ("Connections:crm:BaseAddress", peer.Url()),
        ("Connections:crm:Headers:Authorization", $"Bearer {Token}"),
        ("Connections:crm:Headers:X-Other", Password));
}
