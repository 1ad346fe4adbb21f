using System.Net;

namespace JobPipeline.Integration.Tests.Http;

[Slow]
public sealed class ProblemTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Submit_WithEveryMemberInvalid_NamesThemAll()
    {
        using var answer = await host.PostAsync(
            $"api/jobs/test.family?delay=soon&queue=jobs-hihg&tag=&correlationId={new string('x', 300)}",
            """{ "children": 11, "name": "far too long", "since": "yesterday" }""",
            key: new string('k', 600));

        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        Assert.Equal(["Idempotency-Key", "children", "correlationId", "delay", "name", "queue", "since", "tag"], problem.ErrorFields());
        Assert.Equal(
            "must be an ISO 8601 time such as 2026-11-24T09:00:00Z", problem.GetProperty("errors").GetProperty("since")[0].GetString());
    }

    [Fact]
    public async Task Submit_WithEveryAnnotationViolated_NamesThemAll()
    {
        using var answer = await host.PostAsync("api/jobs/test.family", """{ "children": -1, "name": "far too long" }""");

        Assert.Equal(["children", "name"], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    [Fact]
    public async Task Submit_OfInvalidJson_ReportsThePosition()
    {
        using var answer = await host.PostAsync("api/jobs/test.family", """{ "children": 1, """);

        Assert.Equal([""], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).ErrorFields());
    }

    [Theory]
    [InlineData("api/nothing")]
    [InlineData("")]
    [InlineData("api/jobs/a/b/c")]
    public async Task Call_OfAnUnknownAddress_IsAProblem(string path)
    {
        using var answer = await host.GetAsync(path);

        await answer.ProblemAsync(HttpStatusCode.NotFound, "no-such-route");
    }

    [Fact]
    public async Task Call_WithAnotherMethod_IsAProblemThatNamesTheAllowedOnes()
    {
        using var answer = await host.PostAsync("health/ready", "{}");

        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Contains("GET", answer.Content.Headers.Allow);
    }
}
