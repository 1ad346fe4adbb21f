using System.Text.Json;
using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>The request check that both hosts apply to every request.</summary>
public sealed class ApiRequestRulesTests
{
    public static TheoryData<string> Operations => [.. ApiOperations.All.Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Enter_OfEachOperation_RejectsUnknownParametersAndAcceptsItsOwn(string id)
    {
        var operation = ApiOperations.All.Single(operation => operation.Id == id);
        var path = $"/{string.Join('/', operation.Route.Split('/').Select(segment => segment[0] == '{' ? "x1" : segment))}";
        var own = operation.Parameters.Where(parameter => !parameter.IsHeader)
            .Where(parameter => !operation.Route.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal))
            .Select(parameter => $"{parameter.Name}=1");

        Assert.Empty(ApiRequestRules.ErrorsOf(Request(operation.Method, path, $"?code=secret&{string.Join('&', own)}")));
        foreach (var (address, query) in new[] { (path, "?code=secret&nosuch=1"), (path.ToUpperInvariant() + "/", "?nosuch") })
        {
            var request = Request(operation.Method, address, query);
            Assert.Equal("nosuch", Assert.Single(ApiRequestRules.ErrorsOf(request)).Field);
            if (!operation.ChecksQuery)
                Assert.Equal(["nosuch"], (await RefusedAsync(request)).ErrorFields());
        }
    }

    [Theory]
    [InlineData(
        "GET",
        "/api/jobs",
        "?status=running",
        "status",
        "is not a query parameter; did you mean 'state'?; the query parameters are state, type,")]
    [InlineData("HEAD", "/api/jobs", "?Limt=1", "Limt", "is not a query parameter; did you mean 'limit'?")]
    [InlineData("GET", "/api/dead-letters", "?older_than=1", "older_than", "is not a query parameter; did you mean 'olderThan'?")]
    [InlineData(
        "POST",
        "/api/jobs/x",
        "?maxAttempts=1",
        "maxAttempts",
        "is not a query parameter; the query parameters are delay, queue, tag, correlationId, tenant, group; there is also")]
    [InlineData("POST", "/api/jobs/x", "?tags=a", "tags", "is not a query parameter; did you mean 'tag'?")]
    [InlineData("POST", "/api/workflows/i/terminate", "?resaon=x", "resaon", "is not a query parameter; did you mean 'reason'?")]
    [InlineData("GET", "/api/workflows", "?instanceIdPrefix=x", "instanceIdPrefix", "is not a query parameter; ")]
    [InlineData("DELETE", "/api/workflows/i", "?force=true", "force", "is not a query parameter; this operation has no query parameters")]
    [InlineData("GET", "/api/queues", "?=1", "", "is not a query parameter")]
    public void ErrorsOf_AMisspeltParameter_NameTheNearestValidOne(string method, string path, string query, string field, string message)
    {
        var fault = Assert.Single(ApiRequestRules.ErrorsOf(Request(method, path, query)));

        Assert.Equal(field, fault.Field);
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/jobs", "")]
    [InlineData("GET", "/api/jobs", "?STATE=running&From=2026-01-01T00:00:00Z")]
    [InlineData("GET", "/api/jobs", "?code=k&clientId=default")]
    [InlineData("POST", "/api/jobs/x", "?tag=a&tag=b")]
    [InlineData("GET", "/metrics", "?name=x")]
    [InlineData("GET", "/nowhere", "?name=x")]
    [InlineData("PATCH", "/api/jobs", "?name=x")]
    public void Enter_OfKnownParametersOrForeignAddresses_Passes(string method, string path, string query) =>
        Assert.Null(ApiRequestRules.Enter(Request(method, path, query)));

    [Fact]
    public async Task Enter_OfHundredsOfUnknownParameters_NamesSome()
    {
        var query = "?" + string.Join('&', Enumerable.Range(0, 500).Select(i => $"p{i}=1"));

        Assert.Equal(20, (await RefusedAsync(Request("GET", "/api/queues", query))).ErrorFields().Length);
    }

    private static HttpRequest Request(string method, string path, string query)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        (context.Request.Method, context.Request.Path, context.Request.QueryString) = (method, path, new QueryString(query));
        context.Response.Body = new MemoryStream();
        return context.Request;
    }

    private static async Task<JsonElement> RefusedAsync(HttpRequest request)
    {
        var refusal = ApiRequestRules.Enter(request);
        Assert.NotNull(refusal);
        await refusal.ExecuteAsync(request.HttpContext);
        var response = request.HttpContext.Response;
        Assert.Equal(400, response.StatusCode);
        response.Body.Position = 0;
        return JsonElement.Parse(((MemoryStream)response.Body).ToArray());
    }
}
