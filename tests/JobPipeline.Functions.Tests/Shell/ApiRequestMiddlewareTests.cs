using JobPipeline.Functions.Http;
using JobPipeline.Functions.Tests.Support;
using JobPipeline.Http.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>The request check of the API also applies on this host.</summary>
public sealed class ApiRequestMiddlewareTests
{
    public static TheoryData<string, string> Routes
    {
        get
        {
            var routes = new TheoryData<string, string>();
            foreach (var (_, trigger) in FunctionMethods.With<HttpTriggerAttribute>())
            {
                foreach (var method in trigger.Methods!)
                    routes.Add(method.ToUpperInvariant(), trigger.Route!);
            }

            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Request_WithAnUnknownParameter_IsRejectedHereOrByItsMethod(string method, string route)
    {
        var operation = ApiOperations.All.Single(known => known.Route == route && known.Method == (method == "HEAD" ? "GET" : method));
        var path = "/" + route.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        var context = Context(method, path, "?code=key&stats=1");

        var isCalled = false;
        await ApiRequestMiddleware.PassAsync(context, () =>
        {
            isCalled = true;
            return Task.CompletedTask;
        });

        Assert.Equal(operation.ChecksQuery, isCalled);
        Assert.Equal(operation.ChecksQuery ? 200 : 400, context.Response.StatusCode);
    }

    [Fact]
    public async Task Request_WithKnownParameters_ReachesItsFunction()
    {
        var isCalled = false;
        await ApiRequestMiddleware.PassAsync(Context("GET", "/api/jobs", "?code=key&clientId=default&state=running"), () =>
        {
            isCalled = true;
            return Task.CompletedTask;
        });

        Assert.True(isCalled);
    }

    [Fact]
    public async Task Function_NotCalledOverHttp_IsNotChecked()
    {
        var isCalled = false;
        await ApiRequestMiddleware.PassAsync(null, () =>
        {
            isCalled = true;
            return Task.CompletedTask;
        });

        Assert.True(isCalled);
    }

    [Fact]
    public void Program_OfTheApp_ChecksEveryRequest() =>
        Assert.Contains("builder.UseApiRequestRules();", Repository.Read("src/JobPipeline.Functions/Program.cs"), StringComparison.Ordinal);

    [Fact]
    public void Triggers_OfEachGet_AlsoAcceptHead()
    {
        var gets = FunctionMethods.With<HttpTriggerAttribute>().Select(bound => bound.Trigger)
            .Where(trigger => trigger.Methods!.Contains("get", StringComparer.Ordinal)).ToList();

        Assert.Equal(ApiOperations.All.Count(operation => operation.Method == "GET"), gets.Count);
        Assert.All(gets, trigger => Assert.Equal(["get", "head"], trigger.Methods!));
    }

    private static DefaultHttpContext Context(string method, string path, string query)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        (context.Request.Method, context.Request.Path, context.Request.QueryString) = (method, path, new QueryString(query));
        return context;
    }
}
