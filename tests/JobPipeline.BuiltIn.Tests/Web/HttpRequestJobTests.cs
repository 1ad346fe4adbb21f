using System.Text;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.BuiltIn.Tests.Web;

public sealed class HttpRequestJobTests
{
    [Fact]
    public async Task Request_WithEveryMember_ArrivesAsSpecified()
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = "/orders/7";
            return context.Response.WriteAsJsonAsync(new { id = 7 }, WebScene.Token);
        });
        await using var scene = new WebScene();

        var result = await scene.RunAsync(new
        {
            method = "post",
            url = peer.Url("/orders?dry=1#top"),
            headers = new Dictionary<string, string> { ["X-Tenant"] = "ada" },
            body = new { n = 1 },
            expectedStatus = new object[] { 201 },
        });

        var seen = Assert.Single(peer.Requests);
        Assert.Equal(
            ("POST", "/orders?dry=1", "{\"n\":1}", "ada", "application/json"),
            (seen.Method, seen.Target, seen.Body, seen.Headers["X-Tenant"], seen.Headers["Content-Type"]));
        Assert.Equal((201, "{\"id\":7}", null, "/orders/7"), (result.Status, result.Body, result.BodyBase64, result.Headers["Location"]));
    }

    [Theory]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("GET", false)]
    [InlineData("HEAD", false)]
    [InlineData("OPTIONS", false)]
    public async Task IdempotencyKey_OfEachMethod_IsTheJobIdForUnsafeMethods(string method, bool isSent)
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene();

        var id = await scene.Harness.EnqueueAsync(WebScene.Type, new { method, url = peer.Url() }, WebScene.Token);
        await scene.Harness.RunUntilIdleAsync(WebScene.Token);

        Assert.Equal(JobState.Succeeded, await scene.Harness.GetStateAsync(id, WebScene.Token));
        Assert.Equal(isSent ? id.ToString() : null, Assert.Single(peer.Requests).Headers.GetValueOrDefault("Idempotency-Key"));
    }

    [Fact]
    public async Task IdempotencyKey_InThePayload_IsSentInstead()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene();

        await scene.RunAsync(
            new { method = "POST", url = peer.Url(), headers = new Dictionary<string, string> { ["idempotency-key"] = "mine" } });

        Assert.Equal("mine", Assert.Single(peer.Requests).Headers["Idempotency-Key"]);
    }

    [Fact]
    public async Task TraceParent_OfTheProducer_IsForwarded()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene();

        var message = $$"""{ "type": "http.request", "payload": { "url": "{{peer.Url()}}" }, "traceparent": "{{trace}}" }""";
        await scene.Harness.Services.GetRequiredService<IJobQueue>()
            .SendAsync(PriorityQueues.Normal, Encoding.UTF8.GetBytes(message), TimeSpan.Zero, WebScene.Token);
        await scene.Harness.RunUntilIdleAsync(WebScene.Token);

        Assert.Equal(trace, Assert.Single(peer.Requests).Headers["traceparent"]);
    }

    [Theory]
    [InlineData("text/plain; charset=iso-8859-1", "e9", "é", null)]
    [InlineData("text/plain", "c3a9", "é", null)]
    [InlineData("application/problem+json", "efbbbf7b7d", "{}", null)]
    [InlineData(null, "6869", "hi", null)]
    [InlineData("text/plain", "ff00", null, "/wA=")]
    [InlineData("text/plain; charset=x-unknown", "6869", null, "aGk=")]
    [InlineData("image/png", "6869", null, "aGk=")]
    [InlineData("text/plain; charset=utf8", "c3a9", "é", null)]
    [InlineData("text/plain; charset=UTF_8", "c3a9", "é", null)]
    [InlineData("text/plain; charset=\"utf-8\"", "c3a9", "é", null)]
    [InlineData("text/plain; charset='UTF8'", "c3a9", "é", null)]
    [InlineData("text/html; charset=windows-1252", "80e9", "€é", null)]
    [InlineData("text/html; charset=cp1252", "80e9", "€é", null)]
    [InlineData("text/html; charset=CP-1251", "cff0e8", "При", null)]
    [InlineData("text/plain; charset=latin1", "e9", "é", null)]
    [InlineData("text/plain; charset=iso-8859-15", "a4", "€", null)]
    [InlineData("text/plain; charset=ISO8859-2", "b1", "ą", null)]
    [InlineData("text/plain; charset=shift_jis", "93fa967b", "日本", null)]
    [InlineData("text/plain; charset=Shift-JIS", "93fa967b", "日本", null)]
    [InlineData("text/plain; charset=gb18030", "d6d0", "中", null)]
    [InlineData("text/plain; charset=gbk", "d6d0", "中", null)]
    [InlineData("text/plain; charset=euc-kr", "b0a1", "가", null)]
    [InlineData("text/plain; charset=big5", "a4a4", "中", null)]
    [InlineData("text/plain; charset=koi8-r", "f0", "П", null)]
    [InlineData("text/plain; charset=ibm850", "82", "é", null)]
    [InlineData("text/plain; charset=utf-16", "fffee900", "é", null)]
    [InlineData("text/plain; charset=utf-16", "feff00e9", "é", null)]
    [InlineData("text/plain; charset=utf-8", "fffee900", "é", null)]
    [InlineData("text/csv", "61002c0062000a00", "a,b\n", null)]
    [InlineData("application/json", "5b005d00", "[]", null)]
    [InlineData("text/plain; charset=shift_jis", "fffefd", null, "//79")]
    [InlineData("text/plain; charset=utf8", "e9", null, "6Q==")]
    [InlineData("text/plain; charset=utf-7", "6869", null, "aGk=")]
    [InlineData("text/plain; charset=99999999999999999999", "6869", null, "aGk=")]
    [InlineData("image/png; charset=utf-8", "6869", null, "aGk=")]
    public async Task Body_OfEachMediaType_IsTextOrBase64(string? type, string hex, string? text, string? base64)
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return context.Response.Body.WriteAsync(Convert.FromHexString(hex), WebScene.Token).AsTask();
        });
        await using var scene = new WebScene();

        var result = await scene.RunAsync(new { url = peer.Url() });

        Assert.Equal((text, base64), (result.Body, result.BodyBase64));
    }

    [Fact]
    public async Task Body_ThatIsAString_IsSentUnchanged()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene();

        await scene.RunAsync(new { method = "PUT", url = peer.Url(), body = "a=1&b=é", contentType = "application/x-www-form-urlencoded" });

        var seen = Assert.Single(peer.Requests);
        Assert.Equal(("a=1&b=é", "application/x-www-form-urlencoded"), (seen.Body, seen.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Connections_OfManyJobs_AreReused()
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync("ok", Encoding.UTF8, WebScene.Token));
        await using var scene = new WebScene();

        for (var i = 0; i < 5; i++)
            await scene.RunAsync(new { url = peer.Url() });

        Assert.Equal((5, 1), (peer.Requests.Count, peer.Connections));
    }
}
