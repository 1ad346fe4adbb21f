using JobPipeline.Handlers;
using JobPipeline.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Requests;

/// <summary>Reads a request body as a JSON value.</summary>
internal static class JsonBody
{
    /// <summary>Reads the value, or returns the error response. A missing body is read as <c>{}</c>.</summary>
    public static async Task<(T? Value, IResult? Refusal)> ReadAsync<T>(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return (default, Problem.UnsupportedMediaType());
        if (await BoundedBody.ReadAsync(request, limit, cancellationToken) is not { } body)
            return (default, Problem.PayloadTooLarge(limit));
        var errors = CheckedJson.Read<T>(body, out var value);
        return errors.Count > 0 ? (default, Problem.InvalidRequest(errors)) : (value, null);
    }
}
