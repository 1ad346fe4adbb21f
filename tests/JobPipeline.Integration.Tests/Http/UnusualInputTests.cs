using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JobPipeline.Http.OpenApi;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>Input that other systems interpret in different ways, and how the API shows accepted input.</summary>
[Slow]
public sealed class UnusualInputTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string BatchLines = "application/x-ndjson";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("api/jobs")]
    [InlineData("api/jobs?limit=1")]
    [InlineData("api/dead-letters")]
    [InlineData("api/errors")]
    [InlineData("api/alerts")]
    [InlineData("api/openapi.json")]
    [InlineData("api/circuits")]
    [InlineData("api/queues")]
    [InlineData("api/job-types")]
    [InlineData("api/workflows")]
    [InlineData("api/workflow-definitions")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    [InlineData("api/jobs/nobody")]
    [InlineData("api/workflows/nobody")]
    [InlineData("api/jobs?status=x")]
    [InlineData("metrics")]
    public async Task Head_OfAnAddress_IsGetWithoutABody(string path)
    {
        using var get = await host.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await host.Api.SendAsync(request, Token);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("api/jobs:batch")]
    [InlineData("api/jobs/x/cancel")]
    public async Task Head_OfAnAddressWithoutGet_IsNotAllowed(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await host.Api.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
    }

    [Theory]
    [InlineData("api/jobs", 200)]
    [InlineData("api/nothing", 404)]
    [InlineData("api/jobs?status=x", 400)]
    [InlineData("api/openapi.json", 200)]
    public async Task Response_OfAnyKind_ForbidsSniffing(string path, int status)
    {
        using var answer = await host.GetAsync(path);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.NotEqual("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("api/jobs?status=running", "status")]
    [InlineData("api/jobs?state=runing", "state")]
    [InlineData("api/jobs?from=05/06/2026", "from")]
    [InlineData("api/jobs?from=12:00", "from")]
    [InlineData("api/jobs?from=2026-11-24", "from")]
    [InlineData("api/jobs?to=2026-11-24T09:00:00", "to")]
    [InlineData("api/workflows?from=2026-11-24T09:00:00", "from")]
    [InlineData("api/workflows?runtimeStatus=Complete", "runtimeStatus")]
    [InlineData("api/dead-letters?to=yesterday", "to")]
    [InlineData("api/dead-letters?olderThan=7", "olderThan")]
    [InlineData("api/dead-letters?newerThan=24:00", "newerThan")]
    public async Task Get_WithAmbiguousInput_IsRejected(string path, string field)
    {
        using var answer = await host.GetAsync(path);

        Assert.Equal([field], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    public static TheoryData<string> Operations => [.. ApiOperations.All.Select(operation => operation.Id)];

    /// <summary>All operations, including those that validate their own query.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Request_WithAParameterOfAnotherOperation_IsRejected(string id)
    {
        var operation = ApiOperations.All.Single(operation => operation.Id == id);
        var path = operation.Route.Replace("jobs/{type}", "jobs/test.work", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(
            new HttpMethod(operation.Method), $"{path.Replace('{', 'x').Replace('}', 'x')}?nosuch=1");
        using var answer = await host.Api.SendAsync(request, Token);

        Assert.Equal(["nosuch"], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    [Theory]
    [InlineData("api/jobs?from=2026-11-24T09:00:00Z")]
    [InlineData("api/jobs?from=2026-11-24T09:00:00+01:00")]
    [InlineData("api/jobs?from=2026-11-24T09:00:00%2B01:00")]
    [InlineData("api/dead-letters?olderThan=P7D&newerThan=30.00:00:00")]
    public async Task Get_WithFullTimesAndDurations_Succeeds(string path)
    {
        using var answer = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("api/jobs/test.work?delay=10", "{}", "delay")]
    [InlineData("api/jobs/test.work?delay=-00:00:10", "{}", "delay")]
    [InlineData("api/jobs/test.work?maxAttempts=1", "{}", "maxAttempts")]
    [InlineData("api/queues/jobs/pause", "{\"reson\":\"x\"}", "reson")]
    [InlineData("api/workflows", "{\"definition\":{},\"instanceID_\":\"x\"}", "instanceID_")]
    [InlineData("api/alerts/failure-rate/silence", "{\"for\":\"2\",\"reason\":\"x\"}", "for")]
    [InlineData("api/dead-letters:purge", "{\"filter\":{\"from\":\"2026-11-24\"}}", "filter.from")]
    [InlineData("api/dead-letters:replay", "{\"filter\":{\"olderThan\":\"7\"}}", "filter.olderThan")]
    [InlineData("api/workflows", "{\"definition\":{\"name\":\"w\",\"steps\":{\"a\":{\"delay\":\"30\"}}}}", "definition.steps.a.delay")]
    public async Task Post_WithAmbiguousInput_IsRejected(string path, string body, string field)
    {
        using var answer = await host.PostAsync(path, body);

        Assert.Contains(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    [Theory]
    [InlineData("\"notBefore\":\"2026-11-24T09:00:00\"", "notBefore")]
    [InlineData("\"expiresAt\":\"05/06/2027\"", "expiresAt")]
    [InlineData("\"delay\":\"10\"", "delay")]
    [InlineData("\"timeout\":\"30\"", "timeout")]
    [InlineData("\"backoff\":{\"base\":\"5\"}", "backoff.base")]
    [InlineData("\"notbefor\":\"2026-11-24T09:00:00Z\"", "notbefor")]
    public async Task Batch_WithAnAmbiguousItem_IsRejected(string member, string field)
    {
        using var answer = await host.PostAsync("api/jobs:batch", $$"""[{ "type": "test.work", {{member}} }]""");

        var item = (await answer.ReadAsync(HttpStatusCode.OK)).GetProperty("items")[0];
        Assert.Equal(400, item.GetProperty("status").GetInt32());
        Assert.Equal([field], item.ErrorFields());
    }

    [Theory]
    [InlineData("api/jobs/test.work", "\uFEFF{ \"milliseconds\": 1 }", "application/json", HttpStatusCode.Accepted)]
    [InlineData("api/jobs/test.work", "\uFEFF", "application/json", HttpStatusCode.Accepted)]
    [InlineData("api/jobs:batch", "\uFEFF[{\"type\":\"test.work\"}]", "application/json", HttpStatusCode.OK)]
    [InlineData(
        "api/jobs:batch", "\uFEFF{\"type\":\"test.work\"}\r\n\uFEFF{\"type\":\"test.work\"}\n \uFEFF\n", BatchLines, HttpStatusCode.OK)]
    [InlineData("api/queues/jobs/resume", "\uFEFF{}", "application/json", HttpStatusCode.OK)]
    [InlineData("api/dead-letters:purge", "\uFEFF{\"filter\":{\"olderThan\":\"P3000D\"}}", "application/json", HttpStatusCode.OK)]
    public async Task Post_WithAByteOrderMark_IsAcceptedAsOnQueues(string path, string body, string mediaType, HttpStatusCode status)
    {
        using var answer = await host.PostAsync(path, body, mediaType);

        var read = await answer.ReadAsync(status);
        Assert.False(read.TryGetProperty("refused", out var refused) && refused.GetInt32() > 0, read.GetRawText());
    }

    [Fact]
    public async Task Get_OfAJob_ShowsItsPayloadAndItsLimits()
    {
        using var answer = await host.PostAsync(
            "api/jobs:batch",
            """
            [{ "type": "test.work", "delay": "P1D", "maxAttempts": 7, "timeout": "PT2M",
               "payload": { "milliseconds": 1, "headers": { "Authorization": "s3cr3t" }, "x": "<ü+'>" } }]
            """);
        var id = (await answer.ReadAsync(HttpStatusCode.OK)).GetProperty("items")[0].Id();

        using var got = await host.GetAsync($"api/jobs/{id}");
        var text = await got.Content.ReadAsStringAsync(Token);
        var job = JsonElement.Parse(text);

        Assert.Equal(7, job.GetProperty("maxAttempts").GetInt32());
        Assert.Equal("00:02:00", job.GetProperty("timeout").GetString());
        Assert.Equal("[redacted]", job.GetProperty("payload").GetProperty("headers").GetProperty("Authorization").GetString());
        Assert.Contains("\"<ü+'>\"", text, StringComparison.Ordinal);
        Assert.False(job.TryGetProperty("payloadNote", out _));
        Assert.False(job.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task Get_OfAJobWithoutPayloadOrLimits_ShowsTheLimitsOfItsType()
    {
        using var answer = await host.PostAsync("api/jobs/test.work?delay=PT1H", null);
        var job = await host.JsonAsync($"api/jobs/{(await answer.ReadAsync(HttpStatusCode.Accepted)).Id()}");

        Assert.False(job.TryGetProperty("payload", out _));
        Assert.True(job.GetProperty("maxAttempts").GetInt32() > 0);
        Assert.Equal(JsonValueKind.String, job.GetProperty("timeout").ValueKind);
    }

    [Fact]
    public async Task Get_OfAJobWhosePayloadIsInABlob_NamesTheBlob()
    {
        var large = $$"""{ "milliseconds": 1, "more": "{{new string('x', 100_000)}}" }""";
        using var answer = await host.PostAsync("api/jobs/test.work?delay=PT1H", large);
        var id = (await answer.ReadAsync(HttpStatusCode.Accepted)).Id();

        var job = await host.JsonAsync($"api/jobs/{id}");

        Assert.False(job.TryGetProperty("payload", out _));
        Assert.Equal($"the payload is stored in the blob {PayloadName.Payload(id)}", job.GetProperty("payloadNote").GetString());
    }

    [Fact]
    public async Task Drop_WithMisspeltMembers_RunsAndWarns()
    {
        const string text = """{ "type": "test.work", "notbefore": "2099-01-01T00:00:00Z", "delay": "01:00:00" }""";

        var job = await host.EndedAsync(await host.Producer.DropAsync(text));

        Assert.Equal("succeeded", job.State());
        Assert.Equal(
            [
                "'notbefore' is not a member of a message and has no effect; did you mean 'notBefore'?",
                "'delay' is not a member of a message and has no effect; did you mean 'notBefore'?",
            ],
            job.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!));
    }

    [Theory]
    [InlineData("""{ "type": "test.work", "notBefore": "2026-11-24T09:00:00" }""", "the member 'notBefore' must be an ISO 8601 time")]
    [InlineData("""{ "type": "test.work", "timeout": "30" }""", "the member 'timeout' must be a duration")]
    [InlineData(
        """{ "type": "test.work", "payload": "{\"milliseconds\":1}" }""", "the payload does not fit: must be an object, not a string")]
    public async Task Drop_OfAnAmbiguousMessage_IsDeadLetteredWithARemedy(string text, string detail)
    {
        var id = await host.Producer.DropAsync(text);
        JsonElement deadLetter = default;
        await Eventually.TrueAsync(
            async () => (deadLetter = await host.JsonAsync($"api/dead-letters/{id}")).ValueKind == JsonValueKind.Object,
            "the dead letter is stored");

        Assert.StartsWith(detail, deadLetter.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Problem_WithSpecialCharacters_IsNotEscaped()
    {
        using var answer = await host.PostAsync("api/jobs/test.wrok", "{}");

        Assert.Contains("did you mean 'test.work'?", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), answer.Content.Headers.ContentType);
    }
}
