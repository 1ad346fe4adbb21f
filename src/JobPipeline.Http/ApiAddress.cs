using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http;

/// <summary>
/// Builds absolute URLs of the API for responses, based on <see cref="ApiOptions.PublicUrl"/> or, if that is not set, on the
/// request's own host.
/// </summary>
internal sealed class ApiAddress(IOptions<ApiOptions> options)
{
    /// <param name="request">The request being answered.</param>
    /// <param name="path">The path from the root, such as <c>/api/workflows/1</c>.</param>
    public string Of(HttpRequest request, string path) =>
        string.IsNullOrWhiteSpace(options.Value.PublicUrl)
            ? $"{request.Scheme}://{request.Host}{request.PathBase}{path}"
            : options.Value.PublicUrl.TrimEnd('/') + path;
}
