using JobPipeline.Enqueueing;
using JobPipeline.Execution;
using JobPipeline.Execution.Verdicts;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Runs the job of a step's attempt for an interpreter that waits for the answer, rather than being told by a message. The
/// job goes the way of every other one: the same limits, record, error groups and metrics.
/// </summary>
public sealed class StepActivity
{
    /// <summary>The job lives, but elsewhere: looked at again after this.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);

    private static readonly byte[] Null = "null"u8.ToArray();

    private readonly StepRequests _requests;
    private readonly JobClient _jobs;
    private readonly DeliveryExecutor _executor;
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
        IPayloadStore payloads,
        IWorkflowStore store,
        IWorkflowData data,
        FaultRules faults,
        TimeProvider time,
        ILogger<StepActivity> logger) =>
        (_requests, _jobs, _executor, _payloads, _store, _data, _faults, _time, _logger) =
        (requests, jobs, executor, payloads, store, data, faults, time, logger);

    /// <summary>Runs an attempt; again, where it is not known whether that was done. The answer is the event that the machine is told.</summary>
    /// <param name="order">The attempt.</param>
    /// <param name="endBy">When the host takes the activity away; a handler is timed out by then. Null: never.</param>
    /// <param name="stopping">Cancelled when the host stops: a running handler is told to stop, and the attempt is deferred.</param>
    /// <exception cref="Exception">Storage can't be reached: nothing is known of the attempt, run it again.</exception>
    public async Task<WorkflowEvent> RunAsync(StepOrder order, DateTimeOffset? endBy, CancellationToken stopping)
    {
        try
        {
            var request = await _requests.OfAsync(order, CancellationToken.None);
            var isNew = order.Run.Deferrals == 0;
            var delivery = await _jobs.PrepareStepAsync(order.Id, request, order.Origin, order.TraceParent, isNew, CancellationToken.None);
            if ((await _executor.ExecuteAsync(delivery, new DeliveryTerms(stopping) { EndBy = endBy })).PutBackUntil is { } until)
                return new WorkflowEvent.Deferred(order.Run, until);
        }
        catch (Exception e) when (_faults.Of(e) == FaultKind.Permanent)
        {
            return new WorkflowEvent.Failed(order.Run, e.Message, IsPermanent: true);
        }

        return (await _jobs.GetAsync(order.Id, CancellationToken.None)).Record is { Status: var ended } && ended.State.IsTerminal()
            ? await AnswerAsync(order, ended)
            : new WorkflowEvent.Deferred(order.Run, _time.GetUtcNow() + Glance);
    }

    /// <summary>
    /// Stops an attempt, one that has not begun as well: it never will. What can't be stopped is left to run: its answer comes too late.
    /// </summary>
    /// <exception cref="Exception">Storage can't be reached: to be tried again.</exception>
    public async Task StopAsync(StepOrder order, CancellationToken cancellationToken)
    {
        try
        {
            await _jobs.CancelStepAsync(
                order.Id, StepRequests.Of(order), order.Origin, $"workflow {order.Scope.Instance} stopped it", cancellationToken);
        }
        catch (Exception e) when (_faults.Of(e) != FaultKind.Outage)
        {
            WorkflowLog.GivenUp(_logger, e, "stop", order.Scope.Instance);
        }
    }

    private async Task<WorkflowEvent> AnswerAsync(StepOrder order, JobStatus ended)
    {
        if (ended.State != JobState.Succeeded)
            return new WorkflowEvent.Failed(order.Run, ended.Reason ?? ended.State.ToString(), QueuedWorkflowSignals.IsPermanent(ended));
        // The timer of its limit comes no sooner than that, and maybe a moment later.
        if (order.Deadline <= _time.GetUtcNow())
            return new WorkflowEvent.Failed(order.Run, $"it took longer than {order.Timeout}", IsPermanent: false);
        if (order.Run.IsCompensation)
            return new WorkflowEvent.Succeeded(order.Run);
        var output = ended.ResultInBlob ? await _payloads.ReadAsync(PayloadName.Result(order.Id), CancellationToken.None) ?? Null : ended.Result.IsEmpty ? Null : ended.Result;
        if (WorkflowValue.FaultOf(output) is { } fault)
            return new WorkflowEvent.Failed(order.Run, $"the result of step '{order.Run.Step}' {fault}", IsPermanent: true);
        // Of one that is too late nothing is kept: another attempt's output may be there, or will.
        if (await IsAwaitedAsync(order))
            await _data.TryWriteOutputAsync(order.Scope.Instance, WorkflowDataName.Step(order.Run.Step, order.Run.Item), order.Run.Rank, output, CancellationToken.None);
        return new WorkflowEvent.Succeeded(order.Run);
    }

    private async Task<bool> IsAwaitedAsync(StepOrder order) =>
        await _store.ReadAsync(order.Scope.Instance, CancellationToken.None) is { State: var state }
        && state.Generation == order.Run.Generation
        && !state.Status.IsTerminal();
}
