using JobPipeline.BuiltIn.Web;
using JobPipeline.Handlers;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.BuiltIn.Tests.Web;

public sealed class RedirectTests
{
    [Theory]
    [InlineData("POST", 301, "GET")]
    [InlineData("POST", 302, "GET")]
    [InlineData("POST", 303, "GET")]
    [InlineData("POST", 307, "POST")]
    [InlineData("POST", 308, "POST")]
    [InlineData("PUT", 302, "PUT")]
    [InlineData("PUT", 303, "GET")]
    [InlineData("DELETE", 301, "DELETE")]
    public async Task Redirect_OfEachStatus_KeepsMethodAndBodyOrBecomesAGet(string method, int status, string second)
    {
        await using var peer = await Peer.StartAsync(
            context => Redirect(context, status, context.Request.Path == "/" ? "/next?a=1" : null));
        await using var scene = new WebScene();

        await scene.RunAsync(new { method, url = peer.Url(), body = "text" });

        var isGet = second == "GET";
        Assert.Equal(
            [(method, "/", "text"), (second, "/next?a=1", isGet ? "" : "text")],
            peer.Requests.Select(seen => (seen.Method, seen.Target, seen.Body)));
        Assert.Equal(
            isGet, !peer.Requests[1].Headers.ContainsKey("Content-Type") && !peer.Requests[1].Headers.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public void Redirect_OfAHead_StaysAHead() =>
        Assert.Equal(
            HttpMethod.Head,
            RedirectRules.Next(Call("http://a.test/") with { Method = HttpMethod.Head }, 303, new Uri("/b", UriKind.Relative)).Method);

    [Theory]
    [InlineData("http://127.0.0.2:{port}/", "AllowedNetworks")]
    [InlineData("http://private.test:{port}/", "AllowedNetworks")]
    [InlineData("//private.test:{port}/", "AllowedNetworks")]
    [InlineData("http://user:pw@127.0.0.1:{port}/", "user name or password")]
    [InlineData("ftp://127.0.0.1:{port}/", "'ftp' is neither http nor https")]
    [InlineData("file:///etc/passwd", "neither http nor https")]
    [InlineData("http://127.0.0.1:22/", "AllowedPorts")]
    public async Task Redirect_ToAForbiddenAddress_IsRejectedPermanently(string location, string why)
    {
        await using var victim = await Peer.StartAsync(_ => Task.CompletedTask, "127.0.0.2");
        await using var peer = await Peer.StartAsync(
            context => Redirect(context, 302, location.Replace("{port}", $"{victim.Port}", StringComparison.Ordinal)));
        await using var scene = new WebScene();
        scene.Names.With("private.test", "127.0.0.2");

        Assert.Contains(why, await scene.RunToDeadLetterAsync(new { url = peer.Url() }), StringComparison.Ordinal);
        Assert.Equal((1, 0), (peer.Requests.Count, victim.Connections));
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(0, 1)]
    public async Task Redirects_WithoutEnd_AreFollowedUpToTheLimit(int bound, int requests)
    {
        await using var peer = await Peer.StartAsync(context => Redirect(context, 307, "/again"));
        await using var scene = new WebScene(("Outbound:MaxRedirects", $"{bound}"));

        Assert.Contains(
            "JobPipeline:BuiltIn:Outbound:MaxRedirects",
            await scene.RunToDeadLetterAsync(new { url = peer.Url() }),
            StringComparison.Ordinal);
        Assert.Equal(requests, peer.Requests.Count);
    }

    [Fact]
    public async Task Redirects_UpToTheLimit_Succeed()
    {
        var left = 3;
        await using var peer = await Peer.StartAsync(context => Redirect(context, 307, left-- > 0 ? "/again" : null));
        await using var scene = new WebScene(("Outbound:MaxRedirects", "3"));

        Assert.Equal(200, (await scene.RunAsync(new { url = peer.Url() })).Status);
    }

    [Fact]
    public async Task Redirect_WithAnExpectedStatus_IsTheResult()
    {
        await using var peer = await Peer.StartAsync(context => Redirect(context, 302, "http://elsewhere.test/"));
        await using var scene = new WebScene();

        var result = await scene.RunAsync(new { url = peer.Url(), expectedStatus = new[] { "302" } });

        Assert.Equal((302, "http://elsewhere.test/"), (result.Status, result.Headers["Location"]));
    }

    [Fact]
    public async Task Redirect_ToAHostThatDoesNotAnswer_NamesThatHostAndTheFirst()
    {
        await using var peer = await Peer.StartAsync(context => Redirect(context, 302, "http://gone.test:8080/secret"));
        await using var scene = new WebScene();

        var error = await scene.RunToErrorAsync(new { url = peer.Url() });

        var who = $"GET http://gone.test:8080 (redirected from GET {peer.Url("")})";
        Assert.StartsWith($"{who} failed: NameResolutionError", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://private.test:{port}/", "GET http://private.test:{port} (redirected from GET {first}) was blocked: 'private.test'")]
    [InlineData("http://127.0.0.1:22/", "A redirect from GET {first} was blocked: port 22")]
    public async Task Redirect_ToAForbiddenAddress_NamesThatHostAndTheFirst(string location, string why)
    {
        await using var victim = await Peer.StartAsync(_ => Task.CompletedTask, "127.0.0.2");
        string Filled(string text, string first) =>
            text.Replace("{port}", $"{victim.Port}", StringComparison.Ordinal).Replace("{first}", first, StringComparison.Ordinal);
        await using var peer = await Peer.StartAsync(context => Redirect(context, 302, Filled(location, "")));
        await using var scene = new WebScene();
        scene.Names.With("private.test", "127.0.0.2");

        Assert.StartsWith(Filled(why, peer.Url("")), await scene.RunToDeadLetterAsync(new { url = peer.Url() }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_ToATooLargeResponse_NamesThatHost()
    {
        await using var second = await Peer.StartAsync(context => context.Response.Body.WriteAsync(new byte[100], WebScene.Token).AsTask());
        await using var first = await Peer.StartAsync(context => Redirect(context, 302, second.Url()));
        await using var scene = new WebScene();

        var why = await scene.RunToDeadLetterAsync(new { url = first.Url(), maxResponseBytes = 10 });

        var who = $"GET {second.Url("")} (redirected from GET {first.Url("")})";
        Assert.StartsWith($"{who} returned a body", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Redirect_FromHttpsToHttp_IsRejected() =>
        Assert.Contains(
            "https to http",
            Assert.Throws<JobRejectedException>(() => RedirectRules.Next(Call("https://a.test/"), 302, new Uri("http://a.test/"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Redirect_FromHttpToHttps_IsFollowed() =>
        Assert.Equal("https://a.test/", RedirectRules.Next(Call("http://a.test/"), 302, new Uri("https://a.test/")).Uri.AbsoluteUri);

    private static HttpCall Call(string url) => new(HttpMethod.Get, new Uri(url), [], null, null);

    private static Task Redirect(HttpContext context, int status, string? location)
    {
        if (location is null)
            return Task.CompletedTask;
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }
}
