using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>The endpoints that show workflow instances.</summary>
internal sealed class WorkflowEndpoints
{
    internal const int DefaultLimit = 50;
    private const int StepsInAMessage = 20;

    private readonly IWorkflowRuntime _workflows;
    private readonly IWorkflowData _data;
    private readonly ApiAddress _address;

    public WorkflowEndpoints(IWorkflowRuntime workflows, IWorkflowData data, ApiAddress address) =>
        (_workflows, _data, _address) = (workflows, data, address);

    /// <summary>
    /// <c>GET /api/workflows/{instance}</c>: 202 with Location and Retry-After while the workflow instance is running, 200 once it
    /// has ended. Query <c>showInput</c> (default true), <c>returnInternalServerErrorOnFailure</c> (500 if it failed),
    /// <c>format=mermaid</c> for a diagram instead of JSON, and <c>step</c> for that step alone with its full output.
    /// </summary>
    public async Task<IResult> GetAsync(HttpRequest request, string instance, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var format = query.Text("format");
        var showInput = query.Flag("showInput") ?? true;
        var returnsError = query.Flag("returnInternalServerErrorOnFailure") ?? false;
        if (format is not (null or "json" or "mermaid"))
            query.Errors.Add(new ValidationError("format", "must be json or mermaid"));
        if (query.Errors.Count > 0)
            return Problem.InvalidRequest(query.Errors);
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        if (query.Text("step") is { } step)
            return await ShowStepAsync(found, step, cancellationToken);
        var status = !found.HasEnded ? StatusCodes.Status202Accepted
            : returnsError && found.State.Status == WorkflowStatus.Failed ? StatusCodes.Status500InternalServerError
            : StatusCodes.Status200OK;
        if (format == "mermaid")
            return Results.Text(WorkflowDiagram.Of(found), "text/plain", Encoding.UTF8, status);
        var input = showInput ? await ReadAsync(found.Id, found.InputName, cancellationToken) : null;
        var output = found.HasEnded ? await ReadAsync(found.Id, WorkflowDataName.Output, cancellationToken) : null;
        var answer = Results.Json(
            WorkflowView.Of(found, input, output, await StepsAsync(found, cancellationToken)), ApiJson.Options, statusCode: status);
        return found.HasEnded ? answer : answer.Polled(_address.Of(request, ApiRoutes.OfWorkflow(found.Id)));
    }

    /// <summary>
    /// <c>GET /api/workflows</c>: lists workflow instances, newest first. Query <c>name</c>, <c>state</c>, <c>from</c>, <c>to</c>
    /// (creation time), <c>limit</c> (default 50, at most 200), <c>cursor</c>; or the Durable Functions names <c>runtimeStatus</c>,
    /// <c>createdTimeFrom</c>, <c>createdTimeTo</c>, <c>top</c> and the header <c>x-ms-continuation-token</c>, which responses also
    /// carry.
    /// </summary>
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var query = new WorkflowListQuery(request);
        if (query.Errors.Count > 0)
            return Problem.InvalidRequest(query.Errors);
        try
        {
            var page = await _workflows.ListAsync(query.Filter, query.Cursor, query.Limit, cancellationToken);
            var next = page.Next is { } more ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(more)) : null;
            if (next is not null)
                request.HttpContext.Response.Headers[WorkflowListQuery.ContinuationHeader] = next;
            return Results.Json(new WorkflowListView([.. page.Instances.Select(WorkflowListItem.Of)], next), ApiJson.Options);
        }
        catch (FormatException)
        {
            return Problem.InvalidRequest([new ValidationError("cursor", QueryReader.BadCursor)]);
        }
    }

    private async Task<IReadOnlyList<WorkflowStepView>> StepsAsync(WorkflowInstance instance, CancellationToken cancellationToken)
    {
        var steps = instance.Definition.Steps.Zip(instance.State.Steps).ToList();
        var shown = steps.Where(entry => StepOutputs.Has(entry.First, entry.Second)).Take(StepOutputs.MaxInline)
            .Select(entry => entry.First.Id).ToHashSet(StringComparer.Ordinal);
        return await Task.WhenAll(steps.Select(async entry =>
        {
            var (step, state) = entry;
            var view = WorkflowStepView.Of(instance, step, state);
            if (!StepOutputs.Has(step, state))
                return view;
            var output = shown.Contains(step.Id)
                ? await _data.ReadInlineAsync(instance.Id, step, state, cancellationToken)
                : StepOutput.Elsewhere;
            return view.With(output, instance.Id);
        }));
    }

    private async Task<IResult> ShowStepAsync(WorkflowInstance instance, string id, CancellationToken cancellationToken)
    {
        if (new WorkflowPlan(instance.Definition).Find(id) is not { } place)
        {
            var steps = string.Join(", ", instance.Definition.Steps.Take(StepsInAMessage).Select(step => step.Id));
            return Problem.InvalidRequest([new ValidationError("step", $"is not a step of the workflow instance; its steps are {steps}")]);
        }

        var (step, state) = (instance.Definition.Steps[place], instance.State.Steps[place]);
        var view = WorkflowStepView.Of(instance, step, state);
        if (StepOutputs.Has(step, state))
        {
            var (output, isWhole) = await _data.ReadWholeAsync(instance.Id, step, state, cancellationToken);
            view = view with { Output = output, HasMoreOutput = isWhole ? null : true };
        }

        return Results.Json(view, ApiJson.Options);
    }

    private async Task<JsonElement?> ReadAsync(string instance, WorkflowDataName name, CancellationToken cancellationToken) =>
        await _data.ReadAsync(instance, name, cancellationToken) is { } value ? ShownJson.Of(value) : null;
}
