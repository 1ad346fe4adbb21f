using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Runs the job of a step attempt for an interpreter that awaits the result instead of receiving it in a message. The job is
/// treated like any other: the same limits, record, error groups and metrics apply.
/// </summary>
public sealed class StepActivity
{
    /// <summary>The delay before checking a job that another worker is running.</summary>
    private static readonly TimeSpan RecheckDelay = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The age up to which the rank of an attempt alone decides whether its output counts. The row of the workflow instance is read
    /// only for an older attempt: the instance may have ended and been purged meanwhile, and nothing would ever delete the output.
    /// </summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(30);

    private static readonly byte[] Null = "null"u8.ToArray();

    private readonly StepRequests _requests;
    private readonly JobClient _jobs;
    private readonly DeliveryExecutor _executor;
    private readonly StepEndings _endings;
    private readonly IPayloadStore _payloads;
    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;
    private readonly FaultRules _faults;
    private readonly TimeProvider _time;
    private readonly ILogger<StepActivity> _logger;

    internal StepActivity(
        StepRequests requests,
        JobClient jobs,
        DeliveryExecutor executor,
        StepEndings endings,
        IPayloadStore payloads,
        IWorkflowStore store,
        IWorkflowData data,
        FaultRules errors,
        TimeProvider time,
        ILogger<StepActivity> logger) =>
        (_requests, _jobs, _executor, _endings, _payloads, _store, _data, _faults, _time, _logger) =
        (requests, jobs, executor, endings, payloads, store, data, errors, time, logger);

    /// <summary>Returns the same activity on values from another source.</summary>
    internal StepActivity With(IWorkflowData values) =>
        new(_requests.With(values), _jobs, _executor, _endings, _payloads, _store, values, _faults, _time, _logger);

    /// <summary>Runs a step attempt (idempotent) and returns the resulting workflow event.</summary>
    /// <param name="order">The step attempt.</param>
    /// <param name="endBy">When the host aborts the activity; a handler times out before then. Null for no limit.</param>
    /// <param name="stopping">
    /// Cancelled when the host stops: a running handler is requested to stop, and the attempt is deferred.
    /// </param>
    /// <exception cref="Exception">Storage is unavailable and the result is unknown; run the attempt again.</exception>
    internal async Task<WorkflowEvent> RunAsync(StepAttemptInput order, DateTimeOffset? endBy, CancellationToken stopping)
    {
        if (order.MayHaveEnded && await FindEndAsync(order) is { } before)
            return await AnswerAsync(order, before);
        var ending = _endings.Await(order.Id);
        try
        {
            var request = await _requests.OfAsync(order, CancellationToken.None);
            var isNew = order.Run.Deferrals == 0;
            var delivery = await _jobs.PrepareStepAsync(order.Id, request, order.Origin, order.TraceParent, isNew, CancellationToken.None);
            var terms = new DeliveryTerms(stopping) { EndBy = endBy, HasNoMessage = true };
            if ((await _executor.ExecuteAsync(delivery, terms)).PutBackUntil is { } until)
                return new WorkflowEvent.Deferred(order.Run, until);
        }
        catch (Exception e) when (_faults.Of(e) == FaultKind.Permanent)
        {
            return new WorkflowEvent.Failed(order.Run, e.Message, IsPermanent: true);
        }

        var status = ending.Ended ?? (await _jobs.GetAsync(order.Id, CancellationToken.None)).Record?.Status;
        return status is { } ended && ended.State.IsTerminal()
            ? await AnswerAsync(order, ended)
            : new WorkflowEvent.Deferred(order.Run, _time.GetUtcNow() + RecheckDelay);
    }

    /// <summary>Hands back an attempt in a pack that is not started.</summary>
    internal WorkflowEvent HandBack(StepAttemptInput order)
    {
        if (order.Run.Deferrals == 0)
            _jobs.CountStep(((JobAction)order.Action).Type, order.Origin);
        return new WorkflowEvent.NotStarted(order.Run);
    }

    /// <summary>
    /// Stops a step attempt; an attempt that has not started will not start. An attempt that can't be stopped continues, but its
    /// result is ignored.
    /// </summary>
    /// <exception cref="Exception">Storage is unavailable; retry the call.</exception>
    internal async Task StopAsync(StepAttemptInput order, CancellationToken cancellationToken)
    {
        try
        {
            await _jobs.CancelStepAsync(
                order.Id, StepRequests.Of(order), order.Origin, $"stopped by workflow {order.Scope.Instance}", cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            WorkflowLog.GivenUp(_logger, e, "stop", order.Scope.Instance);
        }
    }

    /// <summary>Returns how the job of a step attempt ended; null if it has not.</summary>
    internal async Task<JobStatus?> FindEndAsync(StepAttemptInput order) =>
        (await _jobs.GetAsync(order.Id, CancellationToken.None)).Record?.Status is { } status && status.State.IsTerminal() ? status : null;

    /// <summary>Cancels the job of a step attempt unless it has started. Returns whether it can't start any more.</summary>
    internal async Task<bool> BarAsync(StepAttemptInput order, string reason) =>
        await _jobs.CancelStepAsync(
            order.Id, StepRequests.Of(order), order.Origin, reason, CancellationToken.None, sparesStarted: true) == CancelOutcome.Cancelled;

    /// <summary>Returns the event of a step attempt whose job has ended, with its output stored.</summary>
    internal async Task<WorkflowEvent> AnswerAsync(StepAttemptInput order, JobStatus ended)
    {
        if (ended.State != JobState.Succeeded)
            return new WorkflowEvent.Failed(order.Run, ended.Reason ?? ended.State.ToString(), QueuedWorkflowSignals.IsPermanent(ended));
        // The timer of the time limit fires no sooner than this, and may fire a moment later.
        if (order.Deadline <= _time.GetUtcNow())
            return new WorkflowEvent.Failed(order.Run, $"timed out after {order.Timeout}", IsPermanent: false);
        if (order.Run.IsCompensation)
            return new WorkflowEvent.Succeeded(order.Run);
        ReadOnlyMemory<byte> output;
        if (ended.ResultInBlob)
            output = await _payloads.ReadAsync(PayloadName.Result(order.Id), CancellationToken.None) ?? Null;
        else
            output = ended.Result.IsEmpty ? Null : ended.Result;
        if (WorkflowValue.ErrorOf(output) is { } error)
            return new WorkflowEvent.Failed(order.Run, $"the result of step '{order.Run.Step}' {error}", IsPermanent: true);
        // The output of an attempt that is too late is not stored: that of another attempt may be, or will be.
        if (_time.GetUtcNow() < order.At + Young || await IsAwaitedAsync(order))
        {
            var name = WorkflowDataName.Step(order.Run.Step, order.Run.Item);
            await _data.TryWriteOutputAsync(order.Scope.Instance, name, order.Run.Rank, output, CancellationToken.None);
        }

        return new WorkflowEvent.Succeeded(order.Run);
    }

    private async Task<bool> IsAwaitedAsync(StepAttemptInput order) =>
        await _store.ReadAsync(order.Scope.Instance, CancellationToken.None) is { State: var state }
        && state.Generation == order.Run.Generation
        && !state.Status.IsTerminal();
}
