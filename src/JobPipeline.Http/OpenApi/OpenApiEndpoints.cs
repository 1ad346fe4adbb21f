using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.OpenApi;

/// <summary>The API's description.</summary>
public sealed class OpenApiEndpoints
{
    private readonly ApiDocument _document;

    public OpenApiEndpoints(ApiDocument document) => _document = document;

    /// <summary><c>GET /api/openapi.json</c>: 304 where <c>If-None-Match</c> names the document as it is.</summary>
    public IResult Get(HttpRequest request)
    {
        request.HttpContext.Response.Headers.ETag = _document.ETag;
        return request.Headers.IfNoneMatch.Contains(_document.ETag, StringComparer.Ordinal)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(_document.Content, "application/json");
    }
}
