using JobPipeline.Functions.Tests.Support;
using JobPipeline.Http;
using JobPipeline.SelfHost.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>Both hosts serve the same API.</summary>
public sealed class RouteTests
{
    [Fact]
    public void Routes_OfTheFunctionsApp_AreThoseOfTheSelfHost() => Assert.Equal(SelfHost(), FunctionsApp());

    [Fact]
    public void Parameters_OfARoute_AreParametersOfItsFunction() => Assert.All(
        FunctionMethods.With<HttpTriggerAttribute>(),
        bound => Assert.Subset(
            bound.Function.GetParameters().Select(p => p.Name!).ToHashSet(StringComparer.Ordinal),
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse(bound.Trigger.Route!).Parameters
                .Select(p => p.Name)
                .ToHashSet(StringComparer.Ordinal)));

    private static SortedSet<string> FunctionsApp() => Set(
        FunctionMethods.With<HttpTriggerAttribute>()
            .SelectMany(bound => bound.Trigger.Methods!.Select(method => Route(method, bound.Trigger.Route!))));

    private static SortedSet<string> SelfHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddJobPipelineHttp(builder.Configuration);
        var app = builder.Build();
        app.MapApi();
        return Set(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(
            endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => Route(method, endpoint.RoutePattern.RawText!))));
    }

    private static SortedSet<string> Set(IEnumerable<string> routes) => new(routes, StringComparer.Ordinal);

    private static string Route(string method, string pattern) => $"{method.ToUpperInvariant()} /{pattern.TrimStart('/')}";
}
