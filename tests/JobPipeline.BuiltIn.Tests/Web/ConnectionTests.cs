using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>The peers that receive the credentials of a connection.</summary>
public sealed class ConnectionTests : IDisposable
{
    private const string Secret = "Bearer abc/def+123456";
    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task Credentials_OfAConnection_AreSentToItsPeerOverHttps()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask, certificate: _authority.Issue("api.test"));
        await using var scene = Scene(peer.Url("/v2/", "api.test", "https"));

        await scene.RunAsync(
            new { url = "/orders?x=1", connection = "CRM", headers = new Dictionary<string, string> { ["x-tenant"] = "forged" } });
        await scene.RunAsync(new { url = peer.Url("/other", "API.test", "https"), connection = "crm" });

        Assert.Equal(
            [("/v2/orders?x=1", Secret, "ada"), ("/other", Secret, "ada")],
            peer.Requests.Select(seen => (seen.Target, seen.Headers["Authorization"], seen.Headers["X-Tenant"])));
    }

    [Fact]
    public async Task User_OfAConnection_IsSentAsBasicAuthentication()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene(
            ("Connections:crm:BaseAddress", peer.Url()), ("Connections:crm:User", "ada"), ("Connections:crm:Password", "pä:ss"));

        await scene.RunAsync(new { url = "/", connection = "crm" });

        Assert.Equal("Basic YWRhOnDDpDpzcw==", Assert.Single(peer.Requests).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("http", "api.test")]
    [InlineData("https", "evil.test")]
    [InlineData("https", "api.test.evil.test")]
    public async Task Credentials_ForAnotherAddress_AreRejectedBeforeTheRequest(string scheme, string host)
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask, certificate: _authority.Issue("api.test", "evil.test"));
        await using var scene = Scene(peer.Url("/", "api.test", "https"));

        Assert.Contains(
            "JobPipeline:BuiltIn:Connections:crm",
            await scene.RunToDeadLetterAsync(new { url = peer.Url("/", host, scheme), connection = "crm" }),
            StringComparison.Ordinal);
        Assert.Equal(0, peer.Connections);
    }

    [Fact]
    public async Task Peer_WithACertificateForAnotherName_ReceivesNoRequest()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask, certificate: _authority.Issue("other.test"));
        await using var scene = Scene(peer.Url("/", "api.test", "https"));

        var error = await scene.RunToErrorAsync(new { url = "/", connection = "crm" });

        Assert.Equal(ErrorKind.Transient, error.Kind);
        Assert.Contains("SecureConnectionError", error.Message, StringComparison.Ordinal);
        Assert.Empty(peer.Requests);
    }

    [Fact]
    public async Task Credentials_OnARedirectToTheSameOrigin_AreKept()
    {
        await using var peer = await Peer.StartAsync(
            context => context.Request.Path == "/" ? To(context, "/next") : Task.CompletedTask, certificate: _authority.Issue("api.test"));
        await using var scene = Scene(peer.Url("/", "api.test", "https"));

        await scene.RunAsync(new { url = "/", connection = "crm" });

        Assert.Equal([Secret, Secret], peer.Requests.Select(seen => seen.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("evil.test")]
    [InlineData("sub.api.test")]
    public async Task Credentials_OnARedirectToAnotherOrigin_AreDroppedPermanently(string host)
    {
        await using var other = await Peer.StartAsync(
            context => To(context, $"{context.Request.Query["back"]}"), certificate: _authority.Issue(host));
        await using var peer = await Peer.StartAsync(
            context => context.Request.Path == "/"
                ? To(context, other.Url($"/?back={Uri.EscapeDataString($"https://{context.Request.Host}/end")}", host, "https"))
                : Task.CompletedTask,
            certificate: _authority.Issue("api.test"));
        await using var scene = Scene(peer.Url("/", "api.test", "https"));

        await scene.RunAsync(new { url = "/", connection = "crm" });

        Assert.Equal(["/", "/end"], peer.Requests.Select(seen => seen.Target));
        Assert.DoesNotContain(
            other.Requests.Append(peer.Requests[1]),
            seen => seen.Headers.ContainsKey("Authorization") || seen.Headers.ContainsKey("X-Tenant"));
    }

    [Fact]
    public async Task Redirect_OfARealPeerFromHttpsToHttp_IsRejected()
    {
        await using var plain = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var peer = await Peer.StartAsync(context => To(context, plain.Url()), certificate: _authority.Issue("api.test"));
        await using var scene = Scene(peer.Url("/", "api.test", "https"));

        Assert.Contains("https to http", await scene.RunToDeadLetterAsync(new { url = "/", connection = "crm" }), StringComparison.Ordinal);
        Assert.Equal(0, plain.Connections);
    }

    [Theory]
    [InlineData("nope", "/", "Connection 'nope' is not configured")]
    [InlineData("hosts", "/", "no BaseAddress")]
    public async Task Connection_ThatDoesNotMatch_IsRejected(string connection, string url, string why)
    {
        await using var scene = new WebScene(("Connections:hosts:AllowedHosts:0", "api.test"));

        Assert.Contains(why, await scene.RunToDeadLetterAsync(new { url, connection }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.test/", true)]
    [InlineData("https://api.test:443/x", true)]
    [InlineData("https://api.test:8443/", false)]
    [InlineData("http://api.test/", false)]
    [InlineData("https://a.wild.test/", true)]
    [InlineData("https://wild.test/", false)]
    [InlineData("https://a.wild.test:8443/", false)]
    [InlineData("http://a.wild.test/", false)]
    public void Connection_ForEachAddress_MatchesOnlyItsOwn(string url, bool isFor)
    {
        var connection = new WebConnection(
            "c", new WebConnectionOptions { BaseAddress = "https://API.test/v1", AllowedHosts = ["*.wild.test"] });

        Assert.Equal(isFor, connection.IsFor(new Uri(url)));
    }

    public void Dispose() => _authority.Dispose();

    private static Task To(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    }

    private WebScene Scene(string baseAddress)
    {
        var scene = new WebScene(
            _authority.Certificate,
            ("Connections:crm:BaseAddress", baseAddress),
            ("Connections:crm:Headers:Authorization", Secret),
            ("Connections:crm:Headers:X-Tenant", "ada"));
        foreach (var host in new[] { "api.test", "sub.api.test", "evil.test" })
            scene.Names.With(host, "127.0.0.1");
        return scene;
    }
}
