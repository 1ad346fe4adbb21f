using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>Reads a body that is any JSON, and is kept as it came.</summary>
internal static class WorkflowBody
{
    /// <summary>The value, empty for no body, or why the request is refused.</summary>
    public static async Task<(ReadOnlyMemory<byte> Value, IResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return (default, Problem.UnsupportedMediaType());
        if (await BoundedBody.ReadAsync(request, IWorkflowData.MaxBytes, cancellationToken) is not { } body)
            return (default, Problem.PayloadTooLarge(IWorkflowData.MaxBytes));
        return WorkflowValue.FaultOf(body) is { } fault ? (default, Problem.InvalidRequest([new FieldFault("", fault)])) : (body, null);
    }
}
