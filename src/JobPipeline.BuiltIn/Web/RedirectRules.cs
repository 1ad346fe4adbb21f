using JobPipeline.BuiltIn.Web.Connections;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Web;

/// <summary>What a redirect makes of a request (RFC 9110, section 15.4).</summary>
internal static class RedirectRules
{
    public static bool IsRedirect(int status) => status is 301 or 302 or 303 or 307 or 308;

    /// <summary>
    /// The next request. Credentials that were dropped once stay dropped: a foreign host that sends the request back must
    /// not decide what is done in their name.
    /// </summary>
    /// <exception cref="JobRejectedException">It leads from https to http, or nowhere.</exception>
    public static HttpCall Next(HttpCall call, int status, Uri location)
    {
        if (!Uri.TryCreate(call.Uri, location, out var target))
            throw new JobRejectedException($"{call} was redirected to what is no address.");
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

    /// <summary>A GET is safe by itself, so the idempotency key goes too.</summary>
    private static bool DescribesBody(string header) =>
        header.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || header.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase);
}
