using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Runs a strand for an interpreter that awaits the result: quick steps one after the other, each by <see cref="StepActivity"/> with a
/// claim, a record and an outcome of its own. It decides nothing that the workflow machine decides: it ends at the first step that does
/// not succeed, and the machine alone starts what comes next.
/// </summary>
public sealed class StrandActivity
{
    /// <summary>The size of the answer after which no further step starts, in characters.</summary>
    private const int MaxSize = 20_000;

    private const int MaxErrorChars = 1_000;
    private const string Barred = "left to the orchestration, because the worker of its strand was lost";

    private readonly StepActivity _steps;
    private readonly StrandClaims _claims;
    private readonly IStrandStore _strands;
    private readonly IWorkflowStore _store;
    private readonly IWorkflowData _data;
    private readonly JobRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger<StrandActivity> _logger;

    internal StrandActivity(
        StepActivity steps,
        StrandClaims claims,
        IStrandStore strands,
        IWorkflowStore store,
        IWorkflowData data,
        JobRegistry registry,
        TimeProvider time,
        ILogger<StrandActivity> logger) =>
        (_steps, _claims, _strands, _store, _data, _registry, _time, _logger) =
        (steps, claims, strands, store, data, registry, time, logger);

    /// <summary>Runs a strand and returns the endings of its steps. Every copy of it returns the same.</summary>
    /// <inheritdoc cref="StepActivity.RunAsync" path="/param"/>
    /// <inheritdoc cref="StepActivity.RunAsync" path="/exception"/>
    internal async Task<StrandAnswer> RunAsync(StrandInput order, DateTimeOffset? endBy, CancellationToken stopping)
    {
        if (await _store.ReadAsync(order.Instance, CancellationToken.None) is not { } instance || HasEnded(instance, order))
            return StrandAnswer.Nothing;
        var (claim, isMine) = await _claims.TakeAsync(order);
        if (!isMine && _claims.AnswerOf(claim) is { } given)
            return given;
        var values = new StrandValues(_data, order.Instance);
        var (steps, orders) = (_steps.With(values), order.OrdersOf(instance));
        var answer = isMine
            ? await RunAsync(order, steps, orders, endBy, stopping)
            : await RecallAsync(steps, orders);
        await values.FlushAsync();
        return await _claims.EndAsync(order, claim, answer);
    }

    /// <summary>
    /// Stops the step that a strand is running or about to run, while the strand is out. It sees the request itself before it starts
    /// another one.
    /// </summary>
    /// <exception cref="Exception">Storage is unavailable; retry the call.</exception>
    internal async Task StopAsync(StrandInput order)
    {
        if (await _store.ReadAsync(order.Instance, CancellationToken.None) is not { } instance
            || await _claims.FindAsync(order) is { Answer.IsEmpty: false })
        {
            return;
        }

        foreach (var one in order.OrdersOf(instance))
        {
            if (await _steps.FindEndAsync(one) is null)
                await _steps.StopAsync(one, CancellationToken.None);
            // It may have succeeded before it could be stopped: the next one is stopped then.
            if (await _steps.FindEndAsync(one) is not { State: JobState.Succeeded })
                return;
        }
    }

    private async Task<StrandAnswer> RunAsync(
        StrandInput order,
        StepActivity steps,
        IReadOnlyList<StepAttemptInput> orders,
        DateTimeOffset? endBy,
        CancellationToken stopping)
    {
        var events = new List<StrandEvent>();
        var (began, size) = (_time.GetTimestamp(), 0);
        foreach (var one in orders)
        {
            var isOver = size > MaxSize || stopping.IsCancellationRequested || _time.GetElapsedTime(began) > PackRules.MaxTime;
            if (events.Count > 0 && (isOver || !Fits(one, endBy)))
                break;
            if (await IsAskedAsync(order))
                break;
            if (await TryRunAsync(steps, one, endBy, stopping) is not { } happened)
                break;
            Add(events, happened);
            size += SizeOf(happened);
            if (happened is not WorkflowEvent.Succeeded)
                break;
        }

        return new StrandAnswer(events);
    }

    /// <summary>
    /// Does no work: answers what is on record, after another copy was lost. The step after the one that it may still be running is
    /// barred, so that it runs none of those that the orchestration starts now under other ids.
    /// </summary>
    private async Task<StrandAnswer> RecallAsync(StepActivity steps, IReadOnlyList<StepAttemptInput> orders)
    {
        var events = new List<StrandEvent>();
        for (var i = 0; i < orders.Count; i++)
        {
            if (await steps.FindEndAsync(orders[i]) is { } ended)
            {
                if (ended is { State: JobState.Cancelled, Reason: Barred })
                {
                    // By another copy. The step before had not ended then: the orchestration runs it, and goes on from there.
                    events.RemoveAt(events.Count - 1);
                    break;
                }

                Add(events, await steps.AnswerAsync(orders[i], ended));
                if (events[^1].Event is not WorkflowEvent.Succeeded)
                    break;
            }
            else if (i + 1 == orders.Count || await steps.BarAsync(orders[i + 1], Barred))
            {
                break;
            }
            else
            {
                // The copy was not lost, and has ended this step meanwhile.
                i--;
            }
        }

        return new StrandAnswer(events) { IsBroken = true };
    }

    /// <summary>Returns null if the outcome is unknown, so that the orchestration asks for it.</summary>
    private async Task<WorkflowEvent?> TryRunAsync(
        StepActivity steps, StepAttemptInput order, DateTimeOffset? endBy, CancellationToken stopping)
    {
        try
        {
            return await steps.RunAsync(order, endBy, stopping);
        }
        catch (Exception e)
        {
            WorkflowLog.StrandCut(_logger, e, order.Scope.Instance, order.Run.Step);
            return null;
        }
    }

    private void Add(List<StrandEvent> events, WorkflowEvent happened)
    {
        if (happened is WorkflowEvent.Failed { Error.Length: > MaxErrorChars } failed)
            happened = failed with { Error = failed.Error[..MaxErrorChars] };
        var now = _time.GetUtcNow();
        events.Add(new StrandEvent(happened, events.Count > 0 && events[^1].At > now ? events[^1].At : now));
    }

    private static int SizeOf(WorkflowEvent happened) => 200 + (happened is WorkflowEvent.Succeeded { Run: var run } ? run.Step.Length : 0);

    /// <summary>Whether the time limit of the step's type is over before the host aborts the activity.</summary>
    private bool Fits(StepAttemptInput order, DateTimeOffset? endBy) =>
        endBy is not { } end
        || _registry.Find(((JobAction)order.Action).Type) is not { Timeout: var limit }
        || _time.GetUtcNow() + limit <= end;

    private async Task<bool> IsAskedAsync(StrandInput order) =>
        (await _strands.ReadRequestsAsync(order.Instance, CancellationToken.None)).Except(order.Taken, StringComparer.Ordinal).Any();

    private static bool HasEnded(WorkflowInstance instance, StrandInput order) =>
        instance.State.Generation > order.Steps[0].Run.Generation
        || (instance.State.Generation == order.Steps[0].Run.Generation && instance.State.Status.IsTerminal());
}
