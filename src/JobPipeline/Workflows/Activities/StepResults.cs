using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Accepts the results of step attempts. The output is stored before the event is sent, so the receiver of the event finds it.
/// The result of an attempt that is no longer awaited is ignored, because it would overwrite the result of the attempt that
/// counts.
/// </summary>
internal sealed class StepResults(IWorkflowStore store, IWorkflowData data, WorkflowEvents events)
{
    private const int MaxErrorChars = 1_000;

    public async Task SucceededAsync(
        WorkflowOrigin origin, Func<Task<ReadOnlyMemory<byte>>> readOutput, CancellationToken cancellationToken)
    {
        if (!await IsAwaitedAsync(origin, cancellationToken))
            return;
        if (!origin.Run.IsCompensation)
        {
            var output = await readOutput();
            if (ErrorOf(origin, output) is { } error)
            {
                await FailedAsync(origin, error, isPermanent: true, cancellationToken);
                return;
            }

            // The attempt may be given up, and another one started, between the check and this write.
            var (name, rank, _) = OutputOf(origin, output);
            if (!await data.TryWriteOutputAsync(origin.Instance, name, rank, output, cancellationToken))
                return;
        }

        await events.SendAsync(origin.Instance, new WorkflowEvent.Succeeded(origin.Run), at: null, cancellationToken);
    }

    public Task FailedAsync(WorkflowOrigin origin, string error, bool isPermanent, CancellationToken cancellationToken) =>
        events.SendAsync(origin.Instance, Failure(origin, error, isPermanent), at: null, cancellationToken);

    /// <summary>Returns the event of a failed attempt.</summary>
    internal static WorkflowEvent.Failed Failure(WorkflowOrigin origin, string error, bool isPermanent) =>
        new(origin.Run, error.Length > MaxErrorChars ? error[..MaxErrorChars] : error, isPermanent);

    /// <summary>Returns why a result can't be an output; null if it can.</summary>
    internal static string? ErrorOf(WorkflowOrigin origin, ReadOnlyMemory<byte> result) =>
        WorkflowValue.ErrorOf(result) is { } error ? $"the result of step '{origin.Run.Step}' {error}" : null;

    /// <summary>Returns the output of an attempt.</summary>
    internal static StepOutput OutputOf(WorkflowOrigin origin, ReadOnlyMemory<byte> result) =>
        new(WorkflowDataName.Step(origin.Run.Step, origin.Run.Item), origin.Run.Rank, result);

    /// <summary>Whether the attempt's result is awaited. An attempt is recorded in the state before it is sent.</summary>
    private async Task<bool> IsAwaitedAsync(WorkflowOrigin origin, CancellationToken cancellationToken) =>
        await store.ReadAsync(origin.Instance, cancellationToken) is { } instance
        && WorkflowMachine.IsAwaited(PreparedPlans.Of(instance.Definition), instance.State, origin.Run);
}
