using System.Text;
using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Alerts;
using JobPipeline.BuiltIn.Tests.Web;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>Notices by webhook, at a real listener; signatures are checked by an implementation that is not ours.</summary>
public sealed class WebhookTests
{
    private const string Older = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    [Fact]
    public async Task Notice_AtTheListener_IsSignedAndWholeAndNamesWhatToDo()
    {
        await using var peer = await Peer.StartAsync(Answer(204));
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url("/hooks/1")));

        var id = await scene.TellAsync(AlertJobs.Webhook, "chat");

        Assert.Equal(JobState.Succeeded, await scene.StateAsync(id));
        var request = Assert.Single(peer.Requests);
        Assert.Equal(("POST", "/hooks/1", "application/json", "msg_2b1f"), (request.Method, request.Target, request.Headers["Content-Type"], request.Headers["webhook-id"]));
        Verify(ReceiverScene.Secret, request);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "alerts", "webhook.json")), Indented(request.Body));
    }

    [Fact]
    public async Task Notice_WithSeveralSecrets_IsSignedByEach()
    {
        await using var peer = await Peer.StartAsync(Answer(200));
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url(), ReceiverScene.Secret, Older));

        await scene.TellAsync(AlertJobs.Webhook, "chat");

        var request = Assert.Single(peer.Requests);
        // This verifier looks at the first signature alone, where the scheme has all of them looked at: each is shown to it by itself.
        SeenRequest With(string signature) => request with { Headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { ["webhook-signature"] = signature } };
        var signatures = request.Headers["webhook-signature"].Split(' ');
        Assert.Equal(2, signatures.Length);
        Verify(ReceiverScene.Secret, With(signatures[0]));
        Verify(Older, With(signatures[1]));
        Assert.ThrowsAny<Exception>(() => Verify("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", request));
    }

    [Fact]
    public async Task Notice_ThatTheListenerCanNotTakeYet_IsSentAgainUnderTheSameId()
    {
        var answers = new Queue<int>([500, 408, 425, 502, 200]);
        await using var peer = await Peer.StartAsync(context => Answer(answers.Dequeue())(context));
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url()));

        var id = await scene.TellAsync(AlertJobs.Webhook, "chat");

        Assert.Equal(JobState.Succeeded, await scene.StateAsync(id));
        Assert.Equal(5, peer.Requests.Count);
        Assert.Single(peer.Requests.Select(request => (request.Headers["webhook-id"], request.Body)).Distinct());
        Assert.True(peer.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct(StringComparer.Ordinal).Count() > 1, "each attempt is signed anew");
    }

    [Fact]
    public async Task Notice_ToAListenerThatAsksToWait_WaitsWithoutUsingAnAttempt()
    {
        var answers = new Queue<int>([429, 429, 429, 200]);
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "60";
            return Answer(answers.Dequeue())(context);
        });
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url()));

        var id = await scene.TellAsync(AlertJobs.Webhook, "chat");

        var rows = await scene.Harness.GetAsync(id, ReceiverScene.Token);
        Assert.Equal((JobState.Succeeded, 1), (rows.Record!.Status.State, rows.Attempts.Count));
    }

    [Theory]
    [InlineData(400, "answered 400, not 2xx")]
    [InlineData(401, "answered 401, not 2xx")]
    [InlineData(410, "answered 410, not 2xx")]
    [InlineData(302, "answered 302: redirects are not followed")]
    public async Task Notice_ThatTheListenerRefuses_IsADeadLetterAtOnce(int status, string why)
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return Answer(status)(context);
        });
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url("/hooks/t0ps3cr3t")));

        await scene.TellAsync(AlertJobs.Webhook, "chat");

        var letter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        Assert.Contains(why, letter.Detail, StringComparison.Ordinal);
        Assert.Single(peer.Requests);
        Assert.DoesNotContain("t0ps3cr3t", $"{letter.Detail}{string.Join(' ', letter.Errors)}{scene.Log.Text}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notice_ToWhereJobsMayNotGo_IsRefused()
    {
        await using var scene = new ReceiverScene(ReceiverScene.Webhook("http://169.254.169.254:8080/latest"));

        await scene.TellAsync(AlertJobs.Webhook, "chat");

        Assert.Contains("is refused", Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notice_ToAReceiverThatIsGone_IsADeadLetterThatSaysSo()
    {
        await using var scene = new ReceiverScene();

        await scene.TellAsync(AlertJobs.Webhook, "chat");

        Assert.Contains("There is no receiver 'chat' in JobPipeline:Alerts:Receivers:Webhooks", Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_InWhateverIsKeptOrLogged_DoNotShow()
    {
        // A listener that sends back what it was given, and more than it should know.
        await using var peer = await Peer.StartAsync(async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($"bad: {ReceiverScene.Secret} {context.Request.Path}", ReceiverScene.Token);
        });
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url("/hooks/t0ps3cr3t")));

        var id = await scene.TellAsync(AlertJobs.Webhook, "chat");

        var letter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        var rows = await scene.Harness.GetAsync(id, ReceiverScene.Token);
        var kept = $"{letter.Detail} {string.Join(' ', letter.Errors)} {Encoding.UTF8.GetString(rows.Record!.Spec.Payload.Span)} {scene.Log.Text}";
        Assert.DoesNotContain(ReceiverScene.Secret, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ps3cr3t", kept, StringComparison.Ordinal);
        Assert.Contains("\"receiver\":\"chat\"", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_OfTheSchemesOwnExample_IsTheirs()
    {
        var headers = WebhookSigner.HeadersOf("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), "{\"test\": 2432232314}"u8, [ReceiverScene.Secret]);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", headers.Single(header => header.Key == "webhook-signature").Value);
    }

    /// <summary>Throws when it does not fit.</summary>
    private static void Verify(string secret, SeenRequest request) => new StandardWebhook(secret).Verify(
        request.Body, new HeaderDictionary(request.Headers.ToDictionary(header => header.Key, header => new Microsoft.Extensions.Primitives.StringValues(header.Value), StringComparer.OrdinalIgnoreCase)));

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static string Indented(string json) =>
        System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
}
