using JobPipeline.Http;

namespace JobPipeline.SelfHost.Http;

/// <summary>Maps the API's endpoints to their routes.</summary>
internal static class RouteMap
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        // As plain delegates: for lambdas with parameters of their own, the framework compiles a binder each at the first request.
        foreach (var route in ApiRouteTable.All)
            routes.MapMethods(route.Template, route.Methods, context => RunAsync(route, context));
    }

    private static async Task RunAsync(ApiRoute route, HttpContext context)
    {
        var api = context.RequestServices.GetRequiredService<ApiEndpoints>();
        var result = await route.Endpoint(api, context.Request, context.RequestAborted);
        await result.ExecuteAsync(context);
    }
}
