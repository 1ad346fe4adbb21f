using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Http.Requests;

/// <summary>
/// Adds the caller's key to URLs in responses. A request that was authorized by the key in its URL gets URLs with the same key,
/// so that the caller can follow them as they are. A request that sent its key in a header gets URLs without a key and sends
/// the header again. URLs with a key appear in the response only; they are neither logged nor stored.
/// </summary>
internal static class KeyedAddress
{
    /// <param name="address">The URL or path; it may have a query.</param>
    /// <param name="request">The request being answered.</param>
    public static string WithKeyOf(this string address, HttpRequest request) =>
        request.HttpContext.RequestServices?.GetService<IRequestIdentity>()?.FindKeyInAddress(request) is { Length: > 0 } key
            ? $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{ApiKey.Query}={Uri.EscapeDataString(key)}"
            : address;
}
