using JobPipeline.Jobs;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Takes in how an attempt ended. The output is kept first, then the event goes out: whoever reads the event finds it. The
/// result of an attempt that nobody waits for any more is refused: it would overwrite that of the one which counts.
/// </summary>
internal sealed class StepResults(IWorkflowStore store, IWorkflowData data, WorkflowEvents events)
{
    private const int MaxErrorChars = 1_000;

    public async Task SucceededAsync(WorkflowOrigin origin, Func<Task<ReadOnlyMemory<byte>>> readOutput, CancellationToken cancellationToken)
    {
        if (!await IsAwaitedAsync(origin, cancellationToken))
            return;
        if (!origin.Run.IsCompensation)
        {
            var output = await readOutput();
            if (WorkflowValue.FaultOf(output) is { } fault)
            {
                await FailedAsync(origin, $"the result of step '{origin.Run.Step}' {fault}", isPermanent: true, cancellationToken);
                return;
            }

            // It may be given up, and another attempt made, between the look and the write.
            if (!await data.TryWriteOutputAsync(origin.Instance, WorkflowDataName.Step(origin.Run.Step, origin.Run.Item), origin.Run.Rank, output, cancellationToken))
                return;
        }

        await events.SendAsync(origin.Instance, new WorkflowEvent.Succeeded(origin.Run), at: null, cancellationToken);
    }

    public Task FailedAsync(WorkflowOrigin origin, string error, bool isPermanent, CancellationToken cancellationToken) => events.SendAsync(
        origin.Instance, new WorkflowEvent.Failed(origin.Run, error.Length > MaxErrorChars ? error[..MaxErrorChars] : error, isPermanent), at: null, cancellationToken);

    /// <summary>An attempt is on record before it is sent on its way.</summary>
    private async Task<bool> IsAwaitedAsync(WorkflowOrigin origin, CancellationToken cancellationToken) =>
        await store.ReadAsync(origin.Instance, cancellationToken) is { } instance && WorkflowMachine.IsAwaited(PreparedPlans.Of(instance.Definition), instance.State, origin.Run);
}
