using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http;

/// <summary>A result with a Location header.</summary>
internal sealed class LocatedResult(IResult inner, string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = location;
        return inner.ExecuteAsync(httpContext);
    }
}

internal static class LocatedResults
{
    public static IResult WithLocation(this IResult result, string location) => new LocatedResult(result, location);
}
