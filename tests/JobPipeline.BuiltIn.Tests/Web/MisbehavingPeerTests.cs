using System.IO.Compression;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.BuiltIn.Tests.Web;

/// <summary>Peers that are slow, send too much, or close the connection early.</summary>
public sealed class MisbehavingPeerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Peer_ThatIsSlow_TimesOutAndIsDisconnected(bool hasBegun)
    {
        await using var peer = await Peer.StartAsync(context => hasBegun ? BeginAsync(context, 200) : Peer.ForeverAsync(context));
        await using var scene = new WebScene();
        var id = await scene.EnqueueOnceAsync(new { url = peer.Url(), timeout = Patience });

        var run = scene.Harness.RunUntilIdleAsync(WebScene.Token);
        await peer.Arrived;
        scene.Harness.Time.Advance(Patience);
        await run;
        await peer.Left;

        Assert.Equal(ErrorKind.Timeout, (await scene.ErrorOfAsync(id)).Kind);
    }

    [Fact]
    public async Task Error_WithAnEndlessBody_IsClassifiedByStatus()
    {
        await using var peer = await Peer.StartAsync(context => BeginAsync(context, 400));
        await using var scene = new WebScene();
        var start = scene.Harness.Time.GetUtcNow();
        var id = await scene.EnqueueOnceAsync(new { url = peer.Url(), timeout = Patience });

        var run = scene.Harness.RunUntilIdleAsync(WebScene.Token);
        await Eventually.TrueAsync(() => scene.Harness.Time.NextDue - start < Patience, "the handler waits for the text of the error");
        scene.Harness.Time.Advance(Patience / 2);
        await run;
        await peer.Left;

        Assert.Equal(
            (ErrorKind.Permanent, $"GET {peer.Url("")} returned status 400, expected 2xx"),
            ((await scene.ErrorOfAsync(id)).Kind, (await scene.ErrorOfAsync(id)).Message));
    }

    [Fact]
    public async Task Peer_ThatIsSlow_IsBoundedByTheJobsTimeout()
    {
        await using var peer = await Peer.StartAsync(Peer.ForeverAsync);
        await using var scene = new WebScene();
        var id = await scene.EnqueueOnceAsync(new { url = peer.Url() });

        var run = scene.Harness.RunUntilIdleAsync(WebScene.Token);
        await peer.Arrived;
        scene.Harness.Time.Advance(TimeSpan.FromMinutes(1));
        await run;

        Assert.Equal(ErrorKind.Timeout, (await scene.ErrorOfAsync(id)).Kind);
    }

    [Fact]
    public async Task Job_CancelledWhileThePeerIsSlow_IsCancelled()
    {
        using var stopping = new CancellationTokenSource();
        await using var peer = await Peer.StartAsync(Peer.ForeverAsync);
        await using var scene = new WebScene();
        var id = await scene.EnqueueOnceAsync(new { url = peer.Url(), timeout = Patience });

        var run = scene.Harness.RunNextAsync(stopping.Token);
        await peer.Arrived;
        await stopping.CancelAsync();
        await run;

        Assert.Equal(AttemptState.Released, (await scene.Harness.GetAsync(id, WebScene.Token)).Current!.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_ThatIsTooLarge_FailsPermanently(bool isAnnounced)
    {
        await using var peer = await Peer.StartAsync(async context =>
        {
            if (isAnnounced)
                context.Response.ContentLength = long.MaxValue;
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });
        await using var scene = new WebScene();

        var why = await scene.RunToDeadLetterAsync(new { url = peer.Url(), maxResponseBytes = 100_000 });
        await peer.Left;

        Assert.Contains("more than 100000 bytes", why, StringComparison.Ordinal);
        Assert.Contains("JobPipeline:BuiltIn:Outbound:MaxResponseBytes", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task Body_AtTheLimit_IsAcceptedCompletelyOrRejected(int bytes, bool isTaken)
    {
        await using var peer = await Peer.StartAsync(context => context.Response.WriteAsync(new string('a', bytes), WebScene.Token));
        await using var scene = new WebScene(("Outbound:MaxResponseBytes", "1000"));

        if (isTaken)
            Assert.Equal(bytes, (await scene.RunAsync(new { url = peer.Url() })).Body!.Length);
        else
            Assert.Contains("1000 bytes", await scene.RunToDeadLetterAsync(new { url = peer.Url() }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limit_AboveTheSetting_IsRejectedBeforeTheRequest()
    {
        await using var peer = await Peer.StartAsync(_ => Task.CompletedTask);
        await using var scene = new WebScene(("Outbound:MaxResponseBytes", "1000"));

        Assert.Contains(
            "'maxResponseBytes' is 1001",
            await scene.RunToDeadLetterAsync(new { url = peer.Url(), maxResponseBytes = 1001 }),
            StringComparison.Ordinal);
        Assert.Equal(0, peer.Connections);
    }

    [Fact]
    public async Task Body_Compressed_IsNotDecompressed()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(new byte[10_000_000], WebScene.Token);
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(bomb.ToArray(), WebScene.Token).AsTask();
        });
        await using var scene = new WebScene(("Outbound:MaxResponseBytes", "20000"));

        var result = await scene.RunAsync(new { url = peer.Url() });

        Assert.Equal((null, "gzip"), (result.Body, result.Headers["Content-Encoding"]));
        Assert.Equal(bomb.ToArray(), Convert.FromBase64String(result.BodyBase64!));
        Assert.False(peer.Requests[0].Headers.ContainsKey("Accept-Encoding"), "compression must not be requested");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("hello\r\n\r\n")]
    [InlineData("")]
    public async Task Response_TruncatedOrInvalid_IsNeverASuccess(string answer)
    {
        await using var peer = await Peer.StartRawAsync(answer);
        await using var scene = new WebScene();

        var error = await scene.RunToErrorAsync(new { url = peer.Url() });

        Assert.Equal(ErrorKind.Transient, error.Kind);
        Assert.DoesNotContain("no size", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peer_ThatResetsInTheBody_IsRetried()
    {
        var answers = 0;
        await using var peer = await Peer.StartAsync(async context =>
        {
            context.Response.ContentLength = 10;
            await context.Response.WriteAsync("12345", WebScene.Token);
            await context.Response.Body.FlushAsync(WebScene.Token);
            if (Interlocked.Increment(ref answers) == 1)
                context.Abort();
            else
                await context.Response.WriteAsync("67890", WebScene.Token);
        });
        await using var scene = new WebScene();

        Assert.Equal("1234567890", (await scene.RunAsync(new { url = peer.Url() })).Body);
        Assert.Equal(2, peer.Requests.Count);
    }

    [Fact]
    public async Task Headers_ThatAreTooLarge_FailPermanently()
    {
        await using var peer = await Peer.StartRawAsync($"HTTP/1.1 200 OK\r\nX: {new string('a', 40_000)}\r\nContent-Length: 0\r\n\r\n");
        await using var scene = new WebScene();

        Assert.Contains(
            "headers that exceed the size limit", await scene.RunToDeadLetterAsync(new { url = peer.Url() }), StringComparison.Ordinal);
    }

    private static async Task BeginAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync("so far", WebScene.Token);
        await context.Response.Body.FlushAsync(WebScene.Token);
        await Peer.ForeverAsync(context);
    }
}
