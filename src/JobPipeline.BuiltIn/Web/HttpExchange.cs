using JobPipeline.BuiltIn.Web.Outbound;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Sends a request and follows its redirects; each hop is judged like the first.</summary>
internal sealed class HttpExchange(OutboundPolicy policy, OutboundPools pools, IOptions<OutboundOptions> options)
{
    private const string RedirectSetting = $"{OutboundOptions.Section}:{nameof(OutboundOptions.MaxRedirects)}";

    /// <summary>The last response, its headers read and its body not; a redirect whose own status is expected is the last.</summary>
    /// <param name="hops">Begins with the first request; always holds the one that is under way.</param>
    /// <param name="expected">The statuses that mean success.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JobRejectedException">A hop leads where jobs may not go, or there are too many.</exception>
    /// <exception cref="HttpRequestException">A peer can't be reached, or does not speak HTTP.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpHops hops, IReadOnlyList<StatusRange> expected, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var call = hops.Current;
            if (policy.Objection(call.Uri) is { } objection)
            {
                var what = redirects == 0 ? $"{call.Method}" : $"A redirect from {hops.First}";
                throw new JobRejectedException($"{what} is refused: {objection}.");
            }

            using var request = call.ToRequest();
            var response = await pools.For(call.Connection).SendAsync(request, cancellationToken);
            var status = (int)response.StatusCode;
            if (!RedirectRules.IsRedirect(status) || response.Headers.Location is not { } location || expected.Any(range => range.Contains(status)))
                return response;
            response.Dispose();
            if (redirects == options.Value.MaxRedirects)
            {
                throw new JobRejectedException(
                    $"{hops} was redirected once more after {redirects} redirects; {RedirectSetting} is the most that are followed.");
            }

            hops.Current = RedirectRules.Next(call, status, location);
        }
    }
}
