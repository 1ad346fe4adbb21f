using System.Globalization;
using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http;

/// <summary>A result with a <c>Location</c> header (<see cref="KeyedAddress"/>) and an optional <c>Retry-After</c> header.</summary>
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
    /// <param name="result">The result to send.</param>
    /// <param name="location">The value of the <c>Location</c> header.</param>
    /// <param name="retryAfter">The value of the <c>Retry-After</c> header, in seconds; null omits the header.</param>
    public static IResult WithLocation(this IResult result, string location, int? retryAfter = null) =>
        new LocatedResult(result, location, retryAfter);
}
