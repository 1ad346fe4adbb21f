using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.OpenApi;

/// <summary>The endpoint of the OpenAPI document.</summary>
internal sealed class OpenApiEndpoints
{
    private readonly ApiDocument _document;

    public OpenApiEndpoints(ApiDocument document) => _document = document;

    /// <summary><c>GET /api/openapi.json</c>: gets the document; 304 if <c>If-None-Match</c> contains its current entity tag.</summary>
    public IResult Get(HttpRequest request)
    {
        request.HttpContext.Response.Headers.ETag = _document.ETag;
        return request.Headers.IfNoneMatch.Contains(_document.ETag, StringComparer.Ordinal)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(_document.Content, "application/json");
    }
}
