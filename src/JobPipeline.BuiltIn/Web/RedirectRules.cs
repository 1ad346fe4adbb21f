using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Determines the request that follows a redirect (RFC 9110, section 15.4).</summary>
internal static class RedirectRules
{
    public static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;

    /// <summary>
    /// Returns the next request. Credentials that were dropped stay dropped, so that a foreign host that redirects back can't control
    /// what is done with them.
    /// </summary>
    /// <exception cref="JobRejectedException">The redirect leads from https to http, or has no valid address.</exception>
    public static HttpCall Next(HttpCall call, int status, Uri location)
    {
        if (!Uri.TryCreate(call.Uri, location, out var target))
            throw new JobRejectedException($"{call} was redirected to an invalid address.");
        if (call.Uri.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
            throw new JobRejectedException($"{call} was redirected from https to http.");
        var next = call with { Uri = target, Connection = WebConnection.IsSameOrigin(call.Uri, target) ? call.Connection : null };
        return TurnsIntoGet(call.Method, status)
            ? next with { Method = HttpMethod.Get, Body = null, Headers = [.. next.Headers.Where(header => !DescribesBody(header.Key))] }
            : next;
    }

    private static bool TurnsIntoGet(HttpMethod method, int status) => status switch
    {
        303 => method != HttpMethod.Get && method != HttpMethod.Head,
        301 or 302 => method == HttpMethod.Post,
        _ => false,
    };

    /// <summary>A GET has no body and is safe without an idempotency key, so both sets of headers are dropped.</summary>
    private static bool DescribesBody(string header) =>
        header.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
            || header.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase);
}
