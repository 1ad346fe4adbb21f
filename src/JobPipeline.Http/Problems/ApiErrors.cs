using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Problems;

/// <summary>Problem details for requests that no endpoint answered, on either host.</summary>
internal static class ApiErrors
{
    /// <summary>
    /// Creates the response to an unhandled exception. It reveals only the trace id; a request that could not be read keeps its
    /// status code.
    /// </summary>
    public static IResult Unexpected(HttpContext context, Exception? error) => error is BadHttpRequestException bad
        ? OfStatus(bad.StatusCode)
        : Problem.With(
            StatusCodes.Status500InternalServerError,
            Problem.TypeOf("internal-error"),
            "An unexpected error occurred",
            "The request may have taken effect. Search the host's log for the trace id.",
            [KeyValuePair.Create<string, object?>("traceId", Activity.Current?.Id ?? context.TraceIdentifier)]);

    /// <summary>Creates problem details for a bare status code, such as an unknown route or an unsupported method.</summary>
    public static IResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(
            status, "no-such-route", "The route does not exist", "The routes are listed in /api/openapi.json."),
        StatusCodes.Status405MethodNotAllowed => Of(
            status, "method-not-allowed", "The route does not support this method", "The 'Allow' header lists the supported methods."),
        StatusCodes.Status413PayloadTooLarge => Of(
            status, "payload-too-large", "The payload is too large", "Store the data in a blob and send the blob's name."),
        StatusCodes.Status415UnsupportedMediaType => Of(
            status, "unsupported-media-type", "The media type is not supported", "Send JSON."),
        >= 500 => Of(status, "internal-error", "An unexpected error occurred", "See the host's log."),
        _ => Of(status, "invalid-request", "The request is not valid", "The request could not be read."),
    };

    private static IResult Of(int status, string type, string title, string detail) =>
        Problem.With(status, Problem.TypeOf(type), title, detail);

    /// <summary>Creates problem details for a request that the host itself rejects.</summary>
    /// <param name="status">The status code; its reason phrase becomes the title.</param>
    /// <param name="type">The last part of the problem type.</param>
    /// <param name="detail">Why the request is rejected, and what to do.</param>
    public static IResult Refused(int status, string type, string detail) =>
        Problem.With(status, Problem.TypeOf(type), title: null, detail);
}
