using JobPipeline.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>Answers that several methods give.</summary>
internal static class WorkflowAnswers
{
    /// <summary>After how many seconds who polls may ask again.</summary>
    private const int RetryAfter = 5;

    /// <summary>202 with the addresses of the instance.</summary>
    /// <param name="request">The request that is answered.</param>
    /// <param name="uri">The instance's absolute address.</param>
    /// <param name="id">The instance.</param>
    /// <param name="isDuplicate">There was one of that id.</param>
    public static IResult Started(HttpRequest request, string uri, string id, bool isDuplicate)
    {
        var view = ManagementView.Of(uri, id, isDuplicate).Select(address => address.WithKeyOf(request));
        return Results.Json(view, ApiJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(uri, RetryAfter);
    }

    /// <summary>Says where and when to ask again.</summary>
    public static IResult Polled(this IResult result, string uri) => result.WithLocation(uri, RetryAfter);
}
