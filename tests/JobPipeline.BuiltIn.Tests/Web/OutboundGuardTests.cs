using System.Net;
using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>
/// Addresses that jobs may not call, checked by the address that is dialled. 127.0.0.1 stands for the internet, 127.0.0.2 for a
/// private network.
/// </summary>
public sealed class OutboundGuardTests
{
    private const string Networks = "JobPipeline:BuiltIn:Outbound:AllowedNetworks";

    [Theory]
    [InlineData("http://127.0.0.2:{port}/")]
    [InlineData("http://2130706434:{port}/")]
    [InlineData("http://0x7f.2:{port}/")]
    [InlineData("http://[::ffff:127.0.0.2]:{port}/")]
    [InlineData("http://[::7f00:2]:{port}/")]
    [InlineData("http://private.test:{port}/")]
    [InlineData("http://one.of.two.test:{port}/")]
    [InlineData("http://two.of.two.test:{port}/")]
    [InlineData("http://localhost:{port}/")]
    public async Task Address_ThatIsNotAllowed_IsRejectedWithTheSettingAndNotDialled(string url)
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask, "127.0.0.2");
        await using var scene = new WebScene();
        scene.Names.With("private.test", "127.0.0.2")
            .With("one.of.two.test", "127.0.0.1,127.0.0.2")
            .With("two.of.two.test", "127.0.0.2,127.0.0.1");

        var why = await scene.RunToDeadLetterAsync(new { url = url.Replace("{port}", $"{peer.Port}", StringComparison.Ordinal) });

        Assert.Contains(Networks, why, StringComparison.Ordinal);
        Assert.Equal(0, peer.Connections);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData("http://168.63.129.16/machine")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://[::]/")]
    public async Task Address_OfLocalNetworks_IsRejectedPermanently(string url)
    {
        await using var scene = new WebScene(("Outbound:AllowedPorts:0", "80"));

        Assert.Contains("resolves to an address that", await scene.RunToDeadLetterAsync(new { url }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_OfAnAllowedNetwork_IsCalled()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask, "127.0.0.2");
        await using var scene = new WebScene(("Outbound:AllowedNetworks:1", "127.0.0.2/32"));

        Assert.Equal(200, (await scene.RunAsync(new { url = peer.Url(host: "[::ffff:127.0.0.2]") })).Status);
    }

    [Fact]
    public async Task Name_WithChangingAddresses_IsResolvedOnce()
    {
        await using var victim = await Peer.StartAsync(_ => Task.CompletedTask, "127.0.0.2");
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene();
        scene.Names.With("rebind.test", "127.0.0.1", "127.0.0.2");

        await scene.RunAsync(new { url = peer.Url(host: "rebind.test") });

        Assert.Equal((1, 1, 0), (scene.Names.Asked, peer.Requests.Count, victim.Connections));
        Assert.Equal($"rebind.test:{peer.Port}", peer.Requests[0].Host);
    }

    [Fact]
    public async Task Name_WithAnotherAddressForTheNextConnection_IsCheckedAgain()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        await using var scene = new WebScene();
        scene.Names.With("rebind.test", "127.0.0.1", "127.0.0.2");

        await scene.RunAsync(new { url = peer.Url(host: "rebind.test") });

        Assert.Contains(Networks, await scene.RunToDeadLetterAsync(new { url = peer.Url(host: "rebind.test") }), StringComparison.Ordinal);
        Assert.Equal(1, peer.Connections);
    }

    [Fact]
    public async Task Name_WhoseFirstAddressIsDown_UsesTheNext()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene(("Outbound:AllowedNetworks:1", "127.0.0.2/32"));
        scene.Names.With("two.test", "127.0.0.2,127.0.0.1");

        Assert.Equal(200, (await scene.RunAsync(new { url = peer.Url(host: "two.test") })).Status);
    }

    [Theory]
    [InlineData("http://unknown.test:8080/", "NameResolutionError (HostNotFound)")]
    [InlineData("http://127.0.0.1:{closed}/", "ConnectionError (ConnectionRefused)")]
    public async Task Peer_ThatIsDown_IsATransientFailure(string url, string why)
    {
        var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        var closed = peer.Port;
        await peer.DisposeAsync();
        await using var scene = new WebScene();

        var error = await scene.RunToErrorAsync(new { url = url.Replace("{closed}", $"{closed}", StringComparison.Ordinal) });

        Assert.Equal(ErrorKind.Transient, error.Kind);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api.example.test", true)]
    [InlineData("API.Example.Test.", true)]
    [InlineData("a.b.wild.test", true)]
    [InlineData("wild.test", false)]
    [InlineData("evilwild.test", false)]
    [InlineData("api.example.test.evil.test", false)]
    [InlineData("127.0.0.1", false)]
    public async Task AllowedHosts_Configured_AreTheOnlyOnes(string host, bool isAllowed)
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene(("Outbound:AllowedHosts:0", "api.example.test"), ("Outbound:AllowedHosts:1", "*.wild.test"));
        scene.Names.With(host, "127.0.0.1");

        if (isAllowed)
            Assert.Equal(200, (await scene.RunAsync(new { url = peer.Url(host: host) })).Status);
        else
            Assert.Contains(
                "JobPipeline:BuiltIn:Outbound:AllowedHosts",
                await scene.RunToDeadLetterAsync(new { url = peer.Url(host: host) }),
                StringComparison.Ordinal);
        Assert.Equal(isAllowed ? 1 : 0, peer.Connections);
    }

    [Fact]
    public async Task AllowedHost_WithAPrivateAddress_IsStillRejected()
    {
        await using var scene = new WebScene(("Outbound:AllowedHosts:0", "api.example.test"));
        scene.Names.With("api.example.test", "127.0.0.2");

        Assert.Contains(
            Networks, await scene.RunToDeadLetterAsync(new { url = "http://api.example.test:8080/" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_ThatIsNotAllowed_IsRejected()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene(("Outbound:AllowedPorts:0", "443"));

        Assert.Contains(
            "JobPipeline:BuiltIn:Outbound:AllowedPorts",
            await scene.RunToDeadLetterAsync(new { url = peer.Url() }),
            StringComparison.Ordinal);
        Assert.Equal(0, peer.Connections);
    }

    [Fact]
    public async Task Handler_OfEveryPool_DisablesProxiesRedirectsAndCookies()
    {
        await using var scene = new WebScene();
        using var handler = scene.Harness.Services.GetRequiredService<OutboundPools>().NewHandler();

        Assert.Equal(
            (false, false, false, DecompressionMethods.None),
            (handler.UseProxy, handler.AllowAutoRedirect, handler.UseCookies, handler.AutomaticDecompression));
    }

    [Fact]
    public async Task Cookies_OfOneJob_AreNotSentByTheNext()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Cookies.Append("session", "s3cr3t");
            return Task.CompletedTask;
        });
        await using var scene = new WebScene();

        Assert.Equal("[redacted]", (await scene.RunAsync(new { url = peer.Url() })).Headers["Set-Cookie"]);
        await scene.RunAsync(new { url = peer.Url() });

        Assert.DoesNotContain(peer.Requests, request => request.Headers.ContainsKey("Cookie"));
    }
}
