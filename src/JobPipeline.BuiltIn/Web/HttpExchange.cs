using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Sends a request and follows its redirects; each hop is checked like the first.</summary>
internal sealed class HttpExchange(OutboundPolicy policy, OutboundPools pools, IOptions<OutboundOptions> options)
{
    private const string RedirectSetting = $"{OutboundOptions.Section}:{nameof(OutboundOptions.MaxRedirects)}";

    /// <summary>
    /// Returns the last response, with its headers read but not its body. A redirect whose own status is expected is not
    /// followed.
    /// </summary>
    /// <param name="hops">The hops, starting with the first request; always holds the current request.</param>
    /// <param name="expected">The statuses that mean success.</param>
    /// <param name="cancellationToken">The token to cancel the exchange.</param>
    /// <exception cref="JobRejectedException">A hop leads to an address that jobs may not call, or there are too many
    /// redirects.</exception>
    /// <exception cref="HttpRequestException">A peer is unreachable, or does not speak HTTP.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpHops hops, IReadOnlyList<StatusRange> expected, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var call = hops.Current;
            if (policy.Objection(call.Uri) is { } reason)
            {
                var what = redirects == 0 ? $"{call.Method}" : $"A redirect from {hops.First}";
                throw new JobRejectedException($"{what} was blocked: {reason}.");
            }

            using var request = call.ToRequest();
            var response = await pools.For(call.Connection).SendAsync(request, cancellationToken);
            var status = (int)response.StatusCode;
            if (!RedirectRules.IsRedirect(status)
                || response.Headers.Location is not { } location
                || expected.Any(range => range.Contains(status)))
                return response;
            response.Dispose();
            if (redirects == options.Value.MaxRedirects)
            {
                throw new JobRejectedException(
                    $"{hops} was redirected once more after {redirects} redirects, the maximum of {RedirectSetting}.");
            }

            hops.Current = RedirectRules.Next(call, status, location);
        }
    }
}
