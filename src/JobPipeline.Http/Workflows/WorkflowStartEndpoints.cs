using System.Runtime.InteropServices;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>The endpoints that start workflows and list their definitions.</summary>
internal sealed class WorkflowStartEndpoints
{
    private readonly IWorkflowRuntime _workflows;
    private readonly WorkflowCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ApiAddress _address;

    public WorkflowStartEndpoints(IWorkflowRuntime workflows, WorkflowCatalog catalog, TimeProvider time, ApiAddress address) =>
        (_workflows, _catalog, _time, _address) = (workflows, catalog, time, address);

    /// <summary>
    /// <c>POST /api/workflows/{name}</c>: starts a workflow; the body is its input. Query <c>instanceId</c> (a second start with
    /// the same id has no effect), <c>correlationId</c>. 202 with the URLs of <see cref="ManagementView"/>.
    /// </summary>
    public async Task<IResult> StartAsync(HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (_catalog.Find(name) is not { } definition)
            return Problem.UnknownWorkflow(_catalog.WhyUnknown(name));
        var query = new QueryReader(request);
        var (instance, correlation) = (query.Text("instanceId"), query.Text("correlationId"));
        query.Errors.AddRange(ErrorsOf(instance, correlation));
        if (query.Errors.Count > 0)
            return Problem.InvalidRequest(query.Errors);
        var (input, refusal) = await WorkflowBody.ReadAsync(request, cancellationToken);
        return refusal ?? await StartAsync(request, definition, input, instance, correlation, cancellationToken);
    }

    /// <summary>
    /// <c>POST /api/workflows</c>: runs the definition in the request. The response to an invalid definition lists all validation
    /// errors.
    /// </summary>
    public async Task<IResult> StartAdHocAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = await JsonBody.ReadAsync<AdHocRequest>(request, IWorkflowData.MaxBytes, cancellationToken);
        if (refusal is not null)
            return refusal;
        var errors = ErrorsOf(body!.InstanceId, body.CorrelationId).ToList();
        var definition = WorkflowReader.Read(JsonMarshal.GetRawUtf8Value(body.Definition), out var unread);
        errors.AddRange((definition is null ? unread : _catalog.Validate(definition)).Select(error => error.Within("definition")));
        var input = body.Input is { } given ? JsonMarshal.GetRawUtf8Value(given).ToArray() : default(ReadOnlyMemory<byte>);
        if (WorkflowValue.ErrorOf(input) is { } error)
            errors.Add(new ValidationError("input", error));
        if (errors.Count > 0)
            return Problem.InvalidRequest(errors);
        return await StartAsync(request, definition!, input, body.InstanceId, body.CorrelationId, cancellationToken);
    }

    /// <summary><c>GET /api/workflow-definitions</c>: lists the workflows that can be started by name.</summary>
    public IResult List() =>
        Results.Json(new WorkflowDefinitionListView([.. _catalog.All.Select(WorkflowDefinitionView.Of)]), ApiJson.Options);

    private static IEnumerable<ValidationError> ErrorsOf(string? instance, string? correlation)
    {
        if (instance is not null && !WorkflowIds.IsId(instance))
            yield return new ValidationError(
                "instanceId",
                "must consist of letters, digits, '.', '_', '-' and ':', start with a letter or digit, not end with '.', and have at most "
                    + $"{WorkflowInstance.MaxIdLength} characters");
        if (correlation is { Length: > JobLimits.MaxCorrelationLength })
            yield return new ValidationError("correlationId", $"must have at most {JobLimits.MaxCorrelationLength} characters");
    }

    private async Task<IResult> StartAsync(
        HttpRequest request,
        WorkflowDefinition definition,
        ReadOnlyMemory<byte> input,
        string? instance,
        string? correlation,
        CancellationToken cancellationToken)
    {
        var id = instance ?? WorkflowIds.Create(_time.GetUtcNow());
        var isNew = await _workflows.StartAsync(definition, id, input, correlation, cancellationToken);
        return WorkflowAnswers.Started(request, _address.Of(request, ApiRoutes.OfWorkflow(id)), id, !isNew);
    }
}
