using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>Reads a body that may be any JSON and is stored unchanged.</summary>
internal static class WorkflowBody
{
    /// <summary>Reads the value, empty if there is no body, or returns the error response.</summary>
    public static async Task<(ReadOnlyMemory<byte> Value, IResult? Refusal)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return (default, Problem.UnsupportedMediaType());
        if (await BoundedBody.ReadAsync(request, IWorkflowData.MaxBytes, cancellationToken) is not { } body)
            return (default, Problem.PayloadTooLarge(IWorkflowData.MaxBytes));
        return WorkflowValue.ErrorOf(body) is { } error ? (default, Problem.InvalidRequest([new ValidationError("", error)]))
            : (body, null);
    }
}
