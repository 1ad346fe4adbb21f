using System.Globalization;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http;

/// <summary>
/// A result with a Location header (<see cref="KeyedAddress"/>), and where there is something to wait for with a Retry-After.
/// </summary>
internal sealed class LocatedResult(IResult inner, string location, int? retryAfter) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = location.WithKeyOf(httpContext.Request);
        if (retryAfter is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return inner.ExecuteAsync(httpContext);
    }
}

internal static class LocatedResults
{
    /// <param name="result">The answer.</param>
    /// <param name="location">Where to look.</param>
    /// <param name="retryAfter">When to look, in seconds from now; null: at once.</param>
    public static IResult WithLocation(this IResult result, string location, int? retryAfter = null) => new LocatedResult(result, location, retryAfter);
}
