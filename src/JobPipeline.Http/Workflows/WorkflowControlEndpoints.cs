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
/// Managing workflows over HTTP. As with Durable Functions: 202 for what was asked for, 404 where nobody knows the instance,
/// 410 where it has ended. What is asked for takes effect a moment later; the status tells.
/// </summary>
public sealed class WorkflowControlEndpoints
{
    private const int MaxReasonLength = 500;

    private readonly IWorkflowRuntime _workflows;
    private readonly IWorkflowData _data;
    private readonly TimeProvider _time;
    private readonly ApiAddress _address;

    public WorkflowControlEndpoints(IWorkflowRuntime workflows, IWorkflowData data, TimeProvider time, ApiAddress address) =>
        (_workflows, _data, _time, _address) = (workflows, data, time, address);

    /// <summary>
    /// <c>POST /api/workflows/{instance}/events/{name}</c>: the body is what the event carries. One that no step waits for yet is
    /// kept for the step that will; 409 when no more are kept, 404 when no step of the definition ever waits for it. Answers 202
    /// with what became of it (<see cref="RaisedView"/>).
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
        // An instance keeps to its definition: what that waits for counts, even if no new definition may.
        if (WorkflowEventNames.WhyNeverTaken(found.Definition, name) is { } why)
            return WorkflowEventNames.IsName(name) ? Problem.UnknownEvent(why) : Problem.InvalidRequest([new FieldFault("name", why)]);
        return await _workflows.RaiseAsync(instance, name, payload, cancellationToken) switch
        {
            RaiseOutcome.Accepted => Results
                .Json(RaisedView.Of(found, name), JobJson.Options, statusCode: StatusCodes.Status202Accepted)
                .WithLocation(ApiRoutes.OfWorkflow(instance)),
            RaiseOutcome.MailboxFull => Problem.MailboxFull(instance),
            _ => await AnswerAsync(instance, () => Task.FromResult(false), cancellationToken),
        };
    }

    /// <summary><c>POST /api/workflows/{instance}/terminate</c>: ends it at once; nothing is undone. Query <c>reason</c>.</summary>
    public Task<IResult> TerminateAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        AskAsync(request, instance, reason => new WorkflowEvent.TerminateRequested(reason), "terminated over HTTP", cancellationToken);

    /// <summary><c>POST /api/workflows/{instance}/cancel</c>: stops what runs and undoes what was done. Query <c>reason</c>.</summary>
    public Task<IResult> CancelAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        AskAsync(request, instance, reason => new WorkflowEvent.CancelRequested(reason), "cancelled over HTTP", cancellationToken);

    /// <summary><c>POST /api/workflows/{instance}/suspend</c>: starts nothing more; what runs goes on. Query <c>reason</c>.</summary>
    public Task<IResult> SuspendAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        AskAsync(request, instance, reason => new WorkflowEvent.SuspendRequested(reason), "suspended over HTTP", cancellationToken);

    /// <summary><c>POST /api/workflows/{instance}/resume</c>.</summary>
    public Task<IResult> ResumeAsync(HttpRequest request, string instance, CancellationToken cancellationToken) =>
        AskAsync(request, instance, _ => new WorkflowEvent.ResumeRequested(), "", cancellationToken);

    /// <summary><c>POST /api/workflows/{instance}/restart</c>: another instance with the same definition and input; an id is never used twice. 202 with its addresses.</summary>
    public async Task<IResult> RestartAsync(HttpRequest request, string instance, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        if (query.Flag("restartWithNewInstanceId") == false)
            query.Faults.Add(new FieldFault("restartWithNewInstanceId", "must be true: late answers for the old instance would be taken for the new one's; to go on with this instance, use rerun"));
        if (query.Faults.Count > 0)
            return Problem.InvalidRequest(query.Faults);
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        var input = await _data.ReadAsync(instance, found.InputName, cancellationToken) ?? default;
        if (WorkflowValue.FaultOf(input) is { } fault)
            return Problem.InvalidRequest([new FieldFault("input", $"of the instance was accepted by an earlier release, and can't be used again: it {fault}")]);
        var id = WorkflowIds.Create(_time.GetUtcNow());
        await _workflows.StartAsync(found.Definition, id, input, found.CorrelationId, cancellationToken);
        return WorkflowAnswers.Started(request, _address.Of(request, ApiRoutes.OfWorkflow(id)), id, isDuplicate: false);
    }

    /// <summary><c>POST /api/workflows/{instance}/rerun</c>: from what failed; what succeeded and was not undone is kept. 409 while it runs, 410 when it completed.</summary>
    public async Task<IResult> RerunAsync(string instance, CancellationToken cancellationToken)
    {
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        if (found.State.Status == WorkflowStatus.Completed)
            return Problem.WorkflowEnded(instance, found.State.Status);
        return await _workflows.RerunAsync(instance, cancellationToken) ? Accepted(instance) : Problem.WorkflowRuns(instance);
    }

    /// <summary><c>DELETE /api/workflows/{instance}</c>: removes it and all that it was given and made. 409 while it runs.</summary>
    public async Task<IResult> PurgeAsync(string instance, CancellationToken cancellationToken)
    {
        if (await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is not { } found)
            return Problem.WorkflowNotFound(instance);
        if (!found.HasEnded)
            return Problem.WorkflowRuns(instance);
        return await _workflows.PurgeAsync(instance, cancellationToken) ? Results.Json(new PurgedView(1), ApiJson.Options) : Problem.WorkflowNotFound(instance);
    }

    private async Task<IResult> AskAsync(HttpRequest request, string instance, Func<string, WorkflowEvent> ask, string ifAbsent, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var reason = query.Text("reason") ?? ifAbsent;
        if (reason.Length > MaxReasonLength)
            query.Faults.Add(new FieldFault("reason", $"may have {MaxReasonLength} characters"));
        return query.Faults.Count > 0
            ? Problem.InvalidRequest(query.Faults)
            : await AnswerAsync(instance, () => _workflows.RequestAsync(instance, ask(reason), cancellationToken), cancellationToken);
    }

    private async Task<IResult> AnswerAsync(string instance, Func<Task<bool>> ask, CancellationToken cancellationToken)
    {
        if (WorkflowIds.IsId(instance) && await ask())
            return Accepted(instance);
        return await WorkflowLookup.FindAsync(_workflows, instance, cancellationToken) is { } found ? Problem.WorkflowEnded(instance, found.State.Status) : Problem.WorkflowNotFound(instance);
    }

    private static IResult Accepted(string instance) => Results.Accepted().WithLocation(ApiRoutes.OfWorkflow(instance));
}
