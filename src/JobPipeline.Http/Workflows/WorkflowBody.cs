using System.Text.Json;
using JobPipeline.Handlers;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Problems;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Running;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>Reads a body that is any JSON, and is kept as it came.</summary>
internal static class WorkflowBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JobLimits.MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The value, empty for no body, or why the request is refused.</summary>
    public static async Task<(ReadOnlyMemory<byte> Value, IResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > 0 && !request.HasJsonContentType())
            return (default, Problem.UnsupportedMediaType());
        if (await BoundedBody.ReadAsync(request, IWorkflowData.MaxBytes, cancellationToken) is not { } body)
            return (default, Problem.PayloadTooLarge(IWorkflowData.MaxBytes));
        try
        {
            if (!body.IsEmpty)
                JsonDocument.Parse(body, Options).Dispose();
            return (body, null);
        }
        catch (JsonException e)
        {
            return (default, Problem.InvalidRequest([new FieldFault("", $"is not JSON: {e.Message}")]));
        }
    }
}
