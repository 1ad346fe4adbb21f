using JobPipeline.Http;

namespace JobPipeline.SelfHost.Http;

/// <summary>Maps the API's endpoints to their routes.</summary>
internal static class RouteMap
{
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        foreach (var route in ApiRouteTable.All)
        {
            routes.MapMethods(
                route.Template,
                route.Methods,
                (ApiEndpoints api, HttpRequest request, CancellationToken token) => route.Endpoint(api, request, token));
        }
    }
}
