using JobPipeline.Http.Problems;
using JobPipeline.Http.Requests;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Workflows;

/// <summary>
/// The endpoints that control workflow instances. As in Durable Functions, they return 202 for an accepted request, 404 for an
/// unknown workflow instance and 410 for one that has ended. A request takes effect a moment later; poll the status to see it.
/// </summary>
internal sealed class WorkflowControlEndpoints
{
    private const int MaxReasonLength = 500;

    private readonly IWorkflowRuntime _workflows;
    private readonly IWorkflowData _data;
    private readonly TimeProvider _time;
    private readonly ApiAddress _address;

    public WorkflowControlEndpoints(IWorkflowRuntime workflows, IWorkflowData data, TimeProvider time, ApiAddress address) =>
        (_workflows, _data, _time, _address) = (workflows, data, time, address);

    /// <summary>
    /// <c>POST /api/workflows/{instance}/events/{name}</c>: raises an event; the body is its payload. If no step waits for it yet,
    /// it is stored for the step that will. 202 with the result (<see cref="RaisedView"/>), 409 if the mailbox is full, 404 if no
    /// step of the definition ever waits for the event.
    /// </summary>
    public async Task<IResult> RaiseAsync(HttpRequest request, string instance, string name, CancellationToken cancellationToken)
    {
        var (payload, refusal) = await WorkflowBody.ReadAsync(request, cancellationToken);
        if (refusal is not null)
            return refusal;
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        if (found.State.Status.IsTerminal())
            return Problem.WorkflowEnded(instance, found.State.Status);
        // The instance's own definition counts, even if a new definition could not use this event name.
        if (WorkflowEventNames.WhyNeverTaken(found.Definition, name) is { } why)
            return WorkflowEventNames.IsName(name) ? Problem.UnknownEvent(why) : Problem.InvalidRequest([new ValidationError("name", why)]);
        return await _workflows.RaiseAsync(instance, name, payload, cancellationToken) switch
        {
            RaiseOutcome.Accepted => Results
                .Json(RaisedView.Of(found, name), JobJson.Options, statusCode: StatusCodes.Status202Accepted)
                .WithLocation(ApiRoutes.OfWorkflow(instance)),
            RaiseOutcome.MailboxFull => Problem.MailboxFull(instance),
            _ => await AnswerAsync(instance, () => Task.FromResult(false), cancellationToken),
        };
    }

    /// <summary>
    /// <c>POST /api/workflows/{instance}/terminate</c>: ends the workflow instance at once, without compensation. Query
    /// <c>reason</c>.
    /// </summary>
    public Task<IResult> TerminateAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        RequestAsync(request, instance, reason => new WorkflowEvent.TerminateRequested(reason), "terminated over HTTP", cancellationToken);

    /// <summary>
    /// <c>POST /api/workflows/{instance}/cancel</c>: stops running steps and compensates completed ones. Query <c>reason</c>.
    /// </summary>
    public Task<IResult> CancelAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        RequestAsync(request, instance, reason => new WorkflowEvent.CancelRequested(reason), "cancelled over HTTP", cancellationToken);

    /// <summary><c>POST /api/workflows/{instance}/suspend</c>: stops starting steps; running ones continue. Query <c>reason</c>.</summary>
    public Task<IResult> SuspendAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        RequestAsync(request, instance, reason => new WorkflowEvent.SuspendRequested(reason), "suspended over HTTP", cancellationToken);

    /// <summary><c>POST /api/workflows/{instance}/resume</c>: resumes a suspended workflow instance.</summary>
    public Task<IResult> ResumeAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        RequestAsync(request, instance, _ => new WorkflowEvent.ResumeRequested(), "", cancellationToken);

    /// <summary>
    /// <c>POST /api/workflows/{instance}/restart</c>: starts a new workflow instance with the same definition and input, and always
    /// with a new id. 202 with its management URLs.
    /// </summary>
    public async Task<IResult> RestartAsync(HttpRequest request, string instance, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        if (query.Flag("restartWithNewInstanceId") == false)
            query.Errors.Add(new ValidationError(
                "restartWithNewInstanceId",
                "must be true, because late results of the old workflow instance would be applied to the new one; to continue this "
                    + "workflow instance, use rerun"));
        if (query.Errors.Count > 0)
            return Problem.InvalidRequest(query.Errors);
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        var input = await _data.ReadAsync(instance, found.InputName, cancellationToken) ?? default;
        if (WorkflowValue.ErrorOf(input) is { } error)
            return Problem.InvalidRequest(
                [new ValidationError("input", $"was accepted by an earlier release and can't be used again: it {error}")]);
        var id = WorkflowIds.Create(_time.GetUtcNow());
        await _workflows.StartAsync(found.Definition, id, input, found.CorrelationId, cancellationToken);
        return WorkflowAnswers.Started(request, _address.Of(request, ApiRoutes.OfWorkflow(id)), id, isDuplicate: false);
    }

    /// <summary>
    /// <c>POST /api/workflows/{instance}/rerun</c>: reruns the workflow instance from the failed steps; steps that succeeded and
    /// were not compensated keep their outputs. 409 while it is running, 410 if it completed.
    /// </summary>
    public async Task<IResult> RerunAsync(string instance, CancellationToken cancellationToken)
    {
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        if (found.State.Status == WorkflowStatus.Completed)
            return Problem.WorkflowEnded(instance, found.State.Status);
        return await _workflows.RerunAsync(instance, cancellationToken) ? Accepted(instance) : Problem.WorkflowRuns(instance);
    }

    /// <summary>
    /// <c>DELETE /api/workflows/{instance}</c>: deletes the workflow instance with its inputs and outputs. 409 while it is running.
    /// </summary>
    public async Task<IResult> PurgeAsync(string instance, CancellationToken cancellationToken)
    {
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        if (!found.HasEnded)
            return Problem.WorkflowRuns(instance);
        return await _workflows.PurgeAsync(instance, cancellationToken)
            ? Results.Json(new PurgedView(1), ApiJson.Options)
            : Problem.WorkflowNotFound(instance);
    }

    private async Task<IResult> RequestAsync(
        HttpRequest request, string instance, Func<string, WorkflowEvent> create, string ifAbsent, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var reason = query.Text("reason") ?? ifAbsent;
        if (reason.Length > MaxReasonLength)
            query.Errors.Add(new ValidationError("reason", $"must have at most {MaxReasonLength} characters"));
        return query.Errors.Count > 0
            ? Problem.InvalidRequest(query.Errors)
            : await AnswerAsync(instance, () => _workflows.RequestAsync(instance, create(reason), cancellationToken), cancellationToken);
    }

    private async Task<IResult> AnswerAsync(string instance, Func<Task<bool>> send, CancellationToken cancellationToken)
    {
        if (WorkflowIds.IsId(instance) && await send())
            return Accepted(instance);
        return await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is { } found
            ? Problem.WorkflowEnded(instance, found.State.Status)
            : Problem.WorkflowNotFound(instance);
    }

    private static IResult Accepted(string instance) => Results.Accepted().WithLocation(ApiRoutes.OfWorkflow(instance));
}
