using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http;

/// <summary>A route of the API with its endpoint.</summary>
/// <param name="Methods">The HTTP methods; GET comes with HEAD, for which the server omits the body.</param>
/// <param name="Template">One of <see cref="ApiRoutes"/>.</param>
/// <param name="Endpoint">Handles a request.</param>
internal sealed record ApiRoute(
    string[] Methods, string Template, Func<ApiEndpoints, HttpRequest, CancellationToken, Task<IResult>> Endpoint);
