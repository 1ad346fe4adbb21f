using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Problems;

/// <summary>Problem details for what no endpoint answers itself, on either host.</summary>
public static class ApiErrors
{
    /// <summary>An exception that nobody expected. Tells nothing of it but where to find it in the log; a request that could not be read keeps its status.</summary>
    public static IResult Unexpected(HttpContext context, Exception? error) => error is BadHttpRequestException bad
        ? OfStatus(bad.StatusCode)
        : Problem.With(
            StatusCodes.Status500InternalServerError,
            Problem.TypeOf("internal-error"),
            "Something went wrong",
            "The request may or may not have taken effect. The log of the host tells more under the trace id.",
            [KeyValuePair.Create<string, object?>("traceId", Activity.Current?.Id ?? context.TraceIdentifier)]);

    /// <summary>A refusal that is a status code and no more: no such route, a method that the route does not have.</summary>
    public static IResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(status, "no-such-route", "There is nothing at this address", "The addresses are listed in /api/openapi.json."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "method-not-allowed", "The address does not take this method", "The header 'Allow' lists those it takes."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "payload-too-large", "The payload is too large", "Put the data into a blob and send its name."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "unsupported-media-type", "The media type is not accepted", "Send JSON."),
        >= 500 => Of(status, "internal-error", "Something went wrong", "The log of the host tells more."),
        _ => Of(status, "invalid-request", "The request is not valid", "The request could not be read."),
    };

    private static IResult Of(int status, string type, string title, string detail) =>
        Problem.With(status, Problem.TypeOf(type), title, detail);

    /// <summary>A refusal of the host's own.</summary>
    /// <param name="status">The status code, which gives the title as well.</param>
    /// <param name="type">The last part of the problem's type.</param>
    /// <param name="detail">Why, and what to do.</param>
    public static IResult Refused(int status, string type, string detail) =>
        Problem.With(status, Problem.TypeOf(type), title: null, detail);
}
