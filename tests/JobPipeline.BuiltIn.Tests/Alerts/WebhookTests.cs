using System.Text;
using JobPipeline.Alerts.Notices;
using JobPipeline.BuiltIn.Alerts;
using JobPipeline.BuiltIn.Tests.Web;
using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace JobPipeline.BuiltIn.Tests.Alerts;

/// <summary>Webhook notifications to a real listener; a third-party implementation verifies the signatures.</summary>
public sealed class WebhookTests
{
    private const string Older = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    [Fact]
    public async Task Notification_AtTheListener_IsSignedCompleteAndNamesARemedy()
    {
        await using var peer = await Peer.StartAsync(Answer(204));
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url("/hooks/1")));

        var id = await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        Assert.Equal(JobState.Succeeded, await scene.StateAsync(id));
        var request = Assert.Single(peer.Requests);
        Assert.Equal(
            ("POST", "/hooks/1", "application/json", "msg_2b1f"),
            (request.Method, request.Target, request.Headers["Content-Type"], request.Headers["webhook-id"]));
        Verify(ReceiverScene.Secret, request);
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "alerts", "webhook.json")), Indented(request.Body));
    }

    [Fact]
    public async Task Notification_WithSeveralSecrets_IsSignedByEach()
    {
        await using var peer = await Peer.StartAsync(Answer(200));
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url(), ReceiverScene.Secret, Older));

        await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        var request = Assert.Single(peer.Requests);
        // This verifier checks only the first signature, where the scheme requires all to be checked, so each is verified separately.
        SeenRequest With(string signature) => request with
        {
            Headers =
                new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { ["webhook-signature"] = signature },
        };
        var signatures = request.Headers["webhook-signature"].Split(' ');
        Assert.Equal(2, signatures.Length);
        Verify(ReceiverScene.Secret, With(signatures[0]));
        Verify(Older, With(signatures[1]));
        Assert.ThrowsAny<Exception>(() => Verify("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", request));
    }

    [Fact]
    public async Task Notification_TemporarilyRejected_IsRetriedWithTheSameId()
    {
        var answers = new Queue<int>([500, 408, 425, 502, 200]);
        await using var peer = await Peer.StartAsync(context => Answer(answers.Dequeue())(context));
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url()));

        var id = await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        Assert.Equal(JobState.Succeeded, await scene.StateAsync(id));
        Assert.Equal(5, peer.Requests.Count);
        Assert.Single(peer.Requests.Select(request => (request.Headers["webhook-id"], request.Body)).Distinct());
        Assert.True(
            peer.Requests.Select(request => request.Headers["webhook-timestamp"]).Distinct(StringComparer.Ordinal).Count() > 1,
            "each attempt has its own signature");
    }

    [Fact]
    public async Task Notification_WithRetryAfter_WaitsWithoutUsingAnAttempt()
    {
        var answers = new Queue<int>([429, 429, 429, 200]);
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "60";
            return Answer(answers.Dequeue())(context);
        });
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url()));

        var id = await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        var rows = await scene.Harness.GetAsync(id, ReceiverScene.Token);
        Assert.Equal((JobState.Succeeded, 1), (rows.Record!.Status.State, rows.Attempts.Count));
    }

    [Theory]
    [InlineData(400, "returned status 400, expected 2xx")]
    [InlineData(401, "returned status 401, expected 2xx")]
    [InlineData(410, "returned status 410, expected 2xx")]
    [InlineData(302, "returned status 302. Redirects are not followed")]
    public async Task Notification_ThatTheListenerRejects_IsDeadLetteredAtOnce(int status, string why)
    {
        await using var peer = await Peer.StartAsync(context =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return Answer(status)(context);
        });
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url("/hooks/t0ps3cr3t")));

        await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        var deadLetter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        Assert.Contains(why, deadLetter.Detail, StringComparison.Ordinal);
        Assert.Single(peer.Requests);
        Assert.DoesNotContain(
            "t0ps3cr3t", $"{deadLetter.Detail}{string.Join(' ', deadLetter.Errors)}{scene.Log.Text}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_ToAForbiddenAddress_IsRejected()
    {
        await using var scene = new ReceiverScene(ReceiverScene.Webhook("http://169.254.169.254:8080/latest"));

        await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        Assert.Contains(
            "was blocked", Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_ToARemovedReceiver_IsDeadLetteredWithTheReason()
    {
        await using var scene = new ReceiverScene();

        await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        Assert.Contains(
            "Receiver 'chat' is not configured in JobPipeline:Alerts:Receivers:Webhooks",
            Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token)).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_InStoredDataAndLogs_AreNotContained()
    {
        // A listener that echoes the request and adds secrets.
        await using var peer = await Peer.StartAsync(async context =>
        {
            context.Response.StatusCode = 400;
            await context.Response.WriteAsync($"bad: {ReceiverScene.Secret} {context.Request.Path}", ReceiverScene.Token);
        });
        await using var scene = new ReceiverScene(ReceiverScene.Webhook(peer.Url("/hooks/t0ps3cr3t")));

        var id = await scene.NotifyAsync(AlertJobs.Webhook, "chat");

        var deadLetter = Assert.Single(await scene.Harness.GetDeadLettersAsync(ReceiverScene.Token));
        var rows = await scene.Harness.GetAsync(id, ReceiverScene.Token);
        var kept =
            $"{deadLetter.Detail} {string.Join(' ', deadLetter.Errors)} "
            + $"{Encoding.UTF8.GetString(rows.Record!.Spec.Payload.Span)} {scene.Log.Text}";
        Assert.DoesNotContain(ReceiverScene.Secret, kept, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ps3cr3t", kept, StringComparison.Ordinal);
        Assert.Contains("\"receiver\":\"chat\"", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_OfTheSchemesExample_Matches()
    {
        var headers = WebhookSigner.HeadersOf(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            DateTimeOffset.FromUnixTimeSeconds(1614265330),
            "{\"test\": 2432232314}"u8,
            [ReceiverScene.Secret]);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", headers.Single(header => header.Key == "webhook-signature").Value);
    }

    /// <summary>Verifies the signature; throws if it is invalid.</summary>
    private static void Verify(string secret, SeenRequest request) => new StandardWebhook(secret).Verify(
        request.Body,
        new HeaderDictionary(
            request.Headers.ToDictionary(
                header => header.Key,
                header => new Microsoft.Extensions.Primitives.StringValues(header.Value),
                StringComparer.OrdinalIgnoreCase)));

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static string Indented(string json) =>
        System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString(
            new System.Text.Json.JsonSerializerOptions
            {
                WriteIndented = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }) + "\n";
}
