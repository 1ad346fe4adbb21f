using System.Text;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.BuiltIn.Tests.Web;

public sealed class PayloadRulesTests
{
    private const string Url = "\"url\":\"https://a.test/\"";

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("{\"url\":\"ftp://a.test/\"}", "'url' must be")]
    [InlineData("{\"url\":\"file:///etc/passwd\"}", "'url' must be")]
    [InlineData("{\"url\":\"//a.test/\",\"connection\":\"c\"}", "'url' must be")]
    [InlineData("{\"url\":\"/\\\\a.test/\",\"connection\":\"c\"}", "backslash")]
    [InlineData("{\"url\":\"/path\"}", "'url' must be")]
    [InlineData("{\"url\":\"https://\"}", "'url' must be")]
    [InlineData("{\"url\":\"https://a.test/a b\"}", "white space")]
    [InlineData("{\"url\":\"https://ada:s3cr3t@a.test/\"}", "user name or password")]
    [InlineData("{\"method\":\"GET /\"," + Url + "}", "'method' is not an HTTP method")]
    [InlineData("{\"method\":\"connect\"," + Url + "}", "CONNECT")]
    [InlineData("{\"method\":\"TRACE\"," + Url + "}", "TRACE")]
    [InlineData("{" + Url + ",\"body\":\"a\"}", "a GET request can't have a 'body'")]
    [InlineData("{\"method\":\"POST\"," + Url + ",\"body\":\"\\ud800\"}", "an unpaired surrogate")]
    [InlineData("{\"method\":\"POST\"," + Url + ",\"contentType\":\"text/plain\"}", "requires a 'body'")]
    [InlineData("{\"method\":\"POST\"," + Url + ",\"body\":1,\"contentType\":\"text\"}", "not a media type")]
    [InlineData(
        "{\"method\":\"POST\"," + Url + ",\"body\":1,\"contentType\":\"text/plain\",\"headers\":{\"content-type\":\"text/css\"}}",
        "repeats its 'contentType'")]
    [InlineData("{" + Url + ",\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}}", "a name twice")]
    [InlineData("{" + Url + ",\"headers\":{\"X-A\":\"1\\r\\nX-B: s3cr3t\"}}", "printable ASCII")]
    [InlineData("{" + Url + ",\"headers\":{\"X-A\":null}}", "printable ASCII")]
    [InlineData("{" + Url + ",\"headers\":{\"X A\":\"1\"}}", "an invalid name")]
    [InlineData("{" + Url + ",\"expectedStatus\":[]}", "at least one status")]
    [InlineData("{" + Url + ",\"expectedStatus\":[\"20x\"]}", "expectedStatus[0]")]
    [InlineData("{" + Url + ",\"timeout\":\"00:00:00\"}", "Timeout")]
    [InlineData("{" + Url + ",\"maxResponseBytes\":-1}", "MaxResponseBytes")]
    [InlineData("{" + Url + ",\"conection\":\"crm\"}", "conection")]
    public async Task Payload_ThatIsInvalid_IsRejectedWithTheReason(string payload, string why)
    {
        await using var scene = new WebScene();

        var error = Check(scene, payload);

        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Proxy-Authorization")]
    [InlineData("proxy-connection")]
    [InlineData("Cookie")]
    [InlineData("X-Api-Key")]
    [InlineData("api-key")]
    [InlineData("x-functions-key")]
    [InlineData("Ocp-Apim-Subscription-Key")]
    [InlineData("X-Auth-User")]
    [InlineData("X-Amz-Security-Token")]
    [InlineData("X-Client-Secret")]
    public async Task Header_WithCredentials_IsRejectedAndNotQuoted(string name)
    {
        await using var scene = new WebScene();

        var error = Check(scene, $$"""{ {{Url}}, "headers": { "{{name}}": "s3cr3t" } }""");

        Assert.Contains($"'{name}' carries credentials", error, StringComparison.Ordinal);
        Assert.Contains("JobPipeline:BuiltIn:Connections", error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("TE")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Expect")]
    public async Task Header_OfTheConnection_IsRejected(string name)
    {
        await using var scene = new WebScene();

        Assert.Contains(
            $"'{name}' is set by the connection itself",
            Check(scene, $$"""{ {{Url}}, "headers": { "{{name}}": "x" } }"""),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accept")]
    [InlineData("Idempotency-Key")]
    [InlineData("If-None-Match")]
    [InlineData("traceparent")]
    [InlineData("X-Request-Id")]
    public async Task Header_OfTheRequest_IsSent(string name)
    {
        await using var scene = new WebScene();

        scene.Harness.Services.GetRequiredService<JobRegistry>().Find(WebScene.Type)!.Invoker.Parse(
            Encoding.UTF8.GetBytes($$"""{ {{Url}}, "headers": { "{{name}}": "x" } }"""));
    }

    [Fact]
    public async Task Message_WithCredentialsInItsPayload_IsDeadLetteredWithoutQuotingThem()
    {
        await using var scene = new WebScene();
        var message = $$"""{ "type": "http.request", "payload": { {{Url}}, "headers": { "Authorization": "s3cr3t" } } }""";

        await scene.Harness.Services.GetRequiredService<IJobQueue>()
            .SendAsync(PriorityQueues.Normal, Encoding.UTF8.GetBytes(message), TimeSpan.Zero, WebScene.Token);
        await scene.Harness.RunUntilIdleAsync(WebScene.Token);

        var deadLetter = Assert.Single(await scene.Harness.GetDeadLettersAsync(WebScene.Token));
        Assert.Equal(DeadLetterReason.InvalidPayload, deadLetter.Reason);
        Assert.Contains("'Authorization' carries credentials", deadLetter.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", deadLetter.Detail + scene.Log.Text, StringComparison.Ordinal);
    }

    private static string Check(WebScene scene, string payload) =>
        Assert.Throws<JobRejectedException>(
            () => scene.Harness.Services.GetRequiredService<JobRegistry>().Find(WebScene.Type)!.Invoker.Parse(
                Encoding.UTF8.GetBytes(payload))).Message;
}
