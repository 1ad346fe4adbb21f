using JobPipeline.Http;
using JobPipeline.Http.OpenApi;
using JobPipeline.SelfHost.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace JobPipeline.Integration.Tests.Http;

public sealed class RouteMapTests
{
    [Fact]
    public async Task Routes_OfTheSelfHost_AreThoseOfTheTable()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddJobPipelineHttp(builder.Configuration);
        await using var app = builder.Build();
        app.MapApi();
        var mapped = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            .SelectMany(
                endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        Assert.Equal(
            ApiOperations.All.SelectMany(operation => MethodsOf(operation).Select(method => $"{method} {operation.Route}"))
                .Order(StringComparer.Ordinal),
            mapped.Order(StringComparer.Ordinal));
    }

    /// <summary>The methods of an operation; GET includes HEAD, which the document does not list.</summary>
    private static string[] MethodsOf(ApiOperation operation) => operation.Method == "GET" ? ["GET", "HEAD"] : [operation.Method];

    [Fact]
    public void Operations_OfTheTable_HaveUniqueNames() =>
        Assert.Equal(ApiOperations.All.Count, ApiOperations.All.Select(operation => operation.Id).Distinct(StringComparer.Ordinal).Count());
}
