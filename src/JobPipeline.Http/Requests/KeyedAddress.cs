using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Http.Requests;

/// <summary>
/// Addresses in answers. A request that was authorised by the key in its address gets addresses with that same key: its sender
/// has it already, and can follow them as they are. One that sent its key as a header gets addresses without a key, and sends the
/// header again. Such an address goes into the answer and nowhere else: it is neither logged nor stored.
/// </summary>
internal static class KeyedAddress
{
    /// <param name="address">The address; it may have a query.</param>
    /// <param name="request">The request that is answered.</param>
    public static string WithKeyOf(this string address, HttpRequest request) =>
        request.HttpContext.RequestServices?.GetService<IRequestIdentity>()?.FindKeyInAddress(request) is { Length: > 0 } key
            ? $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{ApiKey.Query}={Uri.EscapeDataString(key)}"
            : address;
}
