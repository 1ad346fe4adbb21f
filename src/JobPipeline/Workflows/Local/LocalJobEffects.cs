using JobPipeline.Enqueueing;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Workflows.Local;

/// <summary>Carries out the effects that run the jobs of step attempts.</summary>
internal sealed class LocalJobEffects(StepRequests requests, StepSender sender, IWorkflowData data)
{
    private const int AtATime = 16;

    /// <summary>The number of jobs whose values are read together. It bounds the memory that large items take.</summary>
    private const int ReadTogether = 64;

    /// <summary>Returns the attempt that an effect runs.</summary>
    public static StepAttemptInput OrderOf(WorkflowInstance instance, WorkflowPlan plan, WorkflowEffect.Run run) =>
        StepAttemptInput.Of(plan, instance.State, run.Attempt, run.At, run.Deadline, instance.CorrelationId, instance.TraceParent);

    /// <summary>Sends the jobs of step attempts. Quick jobs share messages; one that can't be sent does not affect the others.</summary>
    /// <param name="instance">The workflow instance as it is stored.</param>
    /// <param name="plan">The plan of its definition.</param>
    /// <param name="runs">The effects.</param>
    /// <param name="outputs">The outputs that were stored with it just now.</param>
    /// <param name="round">Which effects have to wait, and for what.</param>
    /// <param name="failed">Called for each effect that could not be carried out.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    public async Task SendAsync(
        WorkflowInstance instance,
        WorkflowPlan plan,
        IReadOnlyList<WorkflowEffect.Run> runs,
        IReadOnlyList<StepOutput> outputs,
        EffectRound round,
        Action<WorkflowEffect, Exception> failed,
        CancellationToken cancellationToken)
    {
        var prepared = new List<(WorkflowEffect.Run Run, StepMessage Message)>();
        foreach (var many in runs.Chunk(ReadTogether))
        {
            var values = requests.With(new TurnValues(data, instance.Id, many.Select(run => run.Attempt), cancellationToken));
            foreach (var some in many.Chunk(AtATime))
            {
                var messages = await Task.WhenAll(some.Select(run =>
                    TryAsync([run], () => PrepareAsync(values, OrderOf(instance, plan, run), outputs, cancellationToken))));
                prepared.AddRange(
                    some.Zip(messages).Where(entry => entry.Second is not null).Select(entry => (entry.First, entry.Second!)));
            }
        }

        foreach (var some in StepSender.Join(prepared.ConvertAll(entry => entry.Message)).Chunk(AtATime))
        {
            await Task.WhenAll(some.Select(joined => TryAsync([.. joined.From.Select(i => prepared[i].Run)], async () =>
            {
                await sender.SendAsync(joined.Message, cancellationToken);
                return joined.Message;
            })));
        }

        async Task<StepMessage?> TryAsync(IReadOnlyList<WorkflowEffect> affected, Func<Task<StepMessage>> act)
        {
            if (affected.Any(round.MustWait))
            {
                foreach (var effect in affected)
                    round.Leave(effect, error: null);
                return null;
            }

            try
            {
                return await act();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                foreach (var effect in affected)
                    failed(effect, e);
                return null;
            }
        }
    }

    private async Task<StepMessage> PrepareAsync(
        StepRequests values, StepAttemptInput order, IReadOnlyList<StepOutput> outputs, CancellationToken cancellationToken)
    {
        var request = await values.OfAsync(order, cancellationToken, outputs);
        return await sender.PrepareAsync(new StepJob(order.Id, request, order.Origin, order.TraceParent), cancellationToken);
    }
}
