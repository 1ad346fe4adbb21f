using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>Responses shared by several workflow endpoints.</summary>
internal static class WorkflowAnswers
{
    /// <summary>The polling interval that responses suggest, in seconds.</summary>
    private const int RetryAfter = 5;

    /// <summary>Creates a 202 response with the management URLs of a workflow instance.</summary>
    /// <param name="request">The request being answered.</param>
    /// <param name="uri">The absolute URL of the workflow instance.</param>
    /// <param name="id">The id of the workflow instance.</param>
    /// <param name="isDuplicate">Whether a workflow instance with that id already existed.</param>
    public static IResult Started(HttpRequest request, string uri, string id, bool isDuplicate)
    {
        var view = ManagementView.Of(uri, id, isDuplicate).Select(address => address.WithKeyOf(request));
        return Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(uri, RetryAfter);
    }

    /// <summary>Adds the <c>Location</c> and <c>Retry-After</c> headers for polling.</summary>
    public static IResult Polled(this IResult result, string uri) => result.WithLocation(uri, RetryAfter);
}
