using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JobPipeline.Http;

/// <summary>Absolute addresses of the API for answers: at <see cref="ApiOptions.PublicUrl"/>, else where the request came to.</summary>
public sealed class ApiAddress(IOptions<ApiOptions> options)
{
    /// <param name="request">The request that is answered.</param>
    /// <param name="path">From the root on, such as <c>/api/workflows/1</c>.</param>
    public string Of(HttpRequest request, string path) =>
        string.IsNullOrWhiteSpace(options.Value.PublicUrl) ? $"{request.Scheme}://{request.Host}{request.PathBase}{path}" : options.Value.PublicUrl.TrimEnd('/') + path;
}
