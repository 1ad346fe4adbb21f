using JobPipeline.Jobs;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>Answers that several methods give.</summary>
internal static class WorkflowAnswers
{
    /// <summary>202 with the addresses of the instance.</summary>
    public static IResult Started(HttpRequest request, string id, bool isDuplicate)
    {
        var view = ManagementView.Of(request, id, isDuplicate);
        return Results.Json(view, JobJson.Options, statusCode: StatusCodes.Status202Accepted).WithLocation(view.StatusQueryGetUri);
    }
}
