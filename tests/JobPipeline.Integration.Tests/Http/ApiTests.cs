using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>The API and the queue from a user's perspective: a real process, real HTTP and the queue SDK.</summary>
[Slow]
public sealed class ApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jobs")]
    [InlineData("jobs-high")]
    [InlineData("jobs-low")]
    public async Task Drop_OfPlainJson_RunsAndIsListed(string queue)
    {
        var id = await host.Producer.DropAsync("""{ "type": "test.work", "payload": { "succeedOnAttempt": 2 }, "tags": ["a"] }""", queue);
        var job = await EndedAsync(id);
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        Assert.Equal(queue, job.GetProperty("queue").GetString());
        Assert.Equal("a", job.GetProperty("tags")[0].GetString());
        var attempts = job.GetProperty("attempts");
        Assert.Equal(2, attempts.GetArrayLength());
        Assert.Equal("failed", attempts[0].GetProperty("state").GetString());
        Assert.Equal("System.IO.IOException", attempts[0].GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("failed as requested", attempts[0].GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Drop_OfBase64_Runs() =>
        Assert.Equal(
            "succeeded",
            (await EndedAsync(await host.Producer.DropBase64Async("""{ "type": "test.work" }"""))).GetProperty("state").GetString());

    [Fact]
    public async Task Drop_OfTheSameCloudEventTwice_RunsItOnce()
    {
        const string cloudEvent =
            """{ "specversion": "1.0", "type": "test.work", "source": "/shop", "id": "4711", "data": { "milliseconds": 1 } }""";
        var first = await host.Producer.DropAsync(cloudEvent);
        await EndedAsync(first);
        var second = await EndedAsync(await host.Producer.DropAsync(cloudEvent));
        Assert.Equal("cancelled", second.GetProperty("state").GetString());
        Assert.Equal(first.ToString(), second.GetProperty("duplicateOf").GetString());
    }

    [Fact]
    public async Task Drop_OfAMessageDueLater_IsScheduledUnderItsIdAndResent()
    {
        var (notBefore, expiresAt) = (DateTimeOffset.MaxValue.AddYears(-2000), DateTimeOffset.MaxValue.AddYears(-1999));
        var id = await host.Producer.DropAsync(
            $$"""{ "type": "test.work", "notBefore": "{{notBefore:O}}", "expiresAt": "{{expiresAt:O}}" }""");
        await Eventually.TrueAsync(
            async () => (await host.Producer.Jobs.GetAsync(id, Token)).Record?.Status.State == JobState.Scheduled,
            "the job is scheduled");
        await host.Producer.Jobs.CancelAsync(id, "not needed", Token);
        Assert.Equal("cancelled", (await EndedAsync(id)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("""{ "type": "test.work", "payload": { """, "Unreadable")]
    [InlineData("""{ "payload": {} }""", "Unreadable")]
    [InlineData("""{ "type": "test.wrok" }""", "UnknownType")]
    [InlineData("""{ "type": "test.work", "payload": { "milliseconds": "soon" } }""", "InvalidPayload")]
    public async Task Drop_OfAnInvalidMessage_IsDeadLetteredWithReasonAndOriginal(string text, string reason)
    {
        var id = await host.Producer.DropAsync(text);
        JsonElement deadLetter = default;
        await Eventually.TrueAsync(
            async () => (deadLetter = await JsonAsync($"api/dead-letters/{id}")).ValueKind == JsonValueKind.Object,
            "the dead letter is stored");
        Assert.Equal(reason, deadLetter.GetProperty("reason").GetString(), ignoreCase: true);
        Assert.Equal(text, deadLetter.GetProperty("original").GetString());
        Assert.NotEmpty(deadLetter.GetProperty("detail").GetString()!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeadLetter_WithCredentialsAmongItsHeaders_IsShownWithoutThem(bool isBase64)
    {
        // With its own key, the same message sent twice is one job, whatever its type.
        var text = $$"""
            { "type": "no.such",  "key": "{{isBase64}}", "payload": { "headers":
            { "Authorization": "s3cr3t", "X-A": { "token": ["s3cr3t"] }, "Accept": "a" }, "sessionNote": "b" } }
            """;
        var id = isBase64 ? await host.Producer.DropBase64Async(text) : await host.Producer.DropAsync(text);
        JsonElement deadLetter = default;
        await Eventually.TrueAsync(
            async () => (deadLetter = await JsonAsync($"api/dead-letters/{id}")).ValueKind == JsonValueKind.Object,
            "the dead letter is stored");
        var shown = deadLetter.GetProperty("original").GetString()!;
        Assert.Equal(
            text.Replace("[\"s3cr3t\"]", "\"[redacted]\"", StringComparison.Ordinal)
                .Replace("s3cr3t", "[redacted]", StringComparison.Ordinal),
            isBase64 ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(shown)) : shown);
    }

    [Fact]
    public async Task Submit_OfAJob_ReturnsItsAddress()
    {
        using var answer = await PostAsync("api/jobs/test.work?tag=x&tag=y&queue=jobs-high&correlationId=c1", """{ "milliseconds": 1 }""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var submitted = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal(answer.Headers.Location!.ToString(), submitted.GetProperty("location").GetString());
        var job = await EndedAsync(JobId.Parse(submitted.GetProperty("id").GetString()!));
        Assert.Equal("succeeded", job.GetProperty("state").GetString());
        Assert.Equal("jobs-high", job.GetProperty("queue").GetString());
        Assert.Equal("c1", job.GetProperty("correlationId").GetString());
        Assert.Equal("""["x","y"]""", job.GetProperty("tags").GetRawText());
    }

    [Fact]
    public async Task Submit_WithAnIdempotencyKey_EnqueuesOneJobAndRejectsAnotherPayload()
    {
        using var first = await PostAsync("api/jobs/test.work", """{ "milliseconds": 1 }""", "order-1");
        using var again = await PostAsync("api/jobs/test.work", """{"milliseconds":1}""", "order-1");
        using var other = await PostAsync("api/jobs/test.work", """{ "milliseconds": 2 }""", "order-1");
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.True((await again.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("isDuplicate").GetBoolean());
        await AssertProblemAsync(other, HttpStatusCode.UnprocessableEntity, "key-conflict");
    }

    [Theory]
    [InlineData("api/jobs/test.wrok", "{}", HttpStatusCode.NotFound, "unknown-job-type", "did you mean 'test.work'?")]
    [InlineData("api/jobs/test.work", "{", HttpStatusCode.BadRequest, "invalid-request", "")]
    [InlineData("api/jobs/test.work", """{ "milliseconds": "soon" }""", HttpStatusCode.BadRequest, "invalid-request", "milliseconds")]
    [InlineData("api/jobs/test.work?queue=jobs-hihg", "{}", HttpStatusCode.BadRequest, "invalid-request", "did you mean 'jobs-high'?")]
    [InlineData("api/jobs/test.work?delay=soon", "{}", HttpStatusCode.BadRequest, "invalid-request", "delay")]
    public async Task Submit_OfAnInvalidJob_ReportsValidationErrors(
        string path, string body, HttpStatusCode status, string problem, string hint)
    {
        using var answer = await PostAsync(path, body);
        Assert.Contains(hint, await AssertProblemAsync(answer, status, problem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_OfTextOrATooLargeBody_IsRejected()
    {
        using var text = await host.Api.PostAsync(new Uri("api/jobs/test.work", UriKind.Relative), new StringContent("hello"), Token);
        await AssertProblemAsync(text, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
        using var large = await PostAsync("api/jobs/test.work", $"\"{new string('x', JobLimits.MaxPayloadBytes)}\"");
        await AssertProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, "payload-too-large");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("01a20fa2-9fa2-7773-abd7-bf8fd1895fbd")]
    public async Task Get_OfAnUnknownJob_IsNotFound(string id)
    {
        using var answer = await host.Api.GetAsync(new Uri($"api/jobs/{id}", UriKind.Relative), Token);
        await AssertProblemAsync(answer, HttpStatusCode.NotFound, "job-not-found");
    }

    [Fact]
    public async Task Health_OfARunningHost_IsLiveAndReady()
    {
        Assert.Equal("healthy", (await JsonAsync("health/live")).GetProperty("status").GetString());
        var ready = await JsonAsync("health/ready");
        Assert.Equal("healthy", ready.GetProperty("checks").GetProperty("storage").GetString());
        Assert.Equal("healthy", ready.GetProperty("checks").GetProperty("listener").GetString());
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    public async Task Call_FromAWebPageOrWithAForeignHostName_IsRejected(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/jobs/test.work")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await host.Api.SendAsync(request, Token);
        await AssertProblemAsync(answer, HttpStatusCode.Forbidden, "foreign-origin");
    }

    private async Task<JsonElement> EndedAsync(JobId id)
    {
        JsonElement job = default;
        await Eventually.TrueAsync(
            async () => (job = await JsonAsync($"api/jobs/{id}")).ValueKind == JsonValueKind.Object
                && job.GetProperty("state").GetString() is "succeeded" or "deadLettered" or "cancelled" or "expired",
            $"job {id} has ended");
        return job;
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await host.Api.GetAsync(new Uri(path, UriKind.Relative), Token);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? default
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await host.Api.SendAsync(request, Token);
    }

    private static async Task<string> AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal($"urn:jobpipeline:problem:{type}", problem.GetProperty("type").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
