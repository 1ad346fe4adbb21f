using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Configures the settings that steps of every kind share.</summary>
public sealed class StepBuilder
{
    internal StepBuilder(WorkflowStep step) => Step = step;

    internal WorkflowStep Step { get; private set; }

    /// <inheritdoc cref="WorkflowStep.Needs"/>
    public StepBuilder Needs(params IReadOnlyList<string> steps) => With(Step with { Needs = steps });

    /// <inheritdoc cref="WorkflowStep.When"/>
    public StepBuilder When(TriggerRule rule) => With(Step with { When = rule });

    /// <inheritdoc cref="WorkflowStep.Retry"/>
    /// <param name="maxAttempts">The maximum number of attempts.</param>
    /// <param name="backoff">
    /// The delays between the attempts. The default is exponential, from 5 seconds up to 10 minutes.
    /// </param>
    public StepBuilder Retry(int maxAttempts, RetrySchedule? backoff = null) =>
        With(Step with { Retry = new StepRetry(maxAttempts, backoff ?? StepRetry.Once.Backoff) });

    /// <inheritdoc cref="WorkflowStep.Timeout"/>
    public StepBuilder Timeout(TimeSpan timeout) => With(Step with { Timeout = timeout });

    /// <inheritdoc cref="WorkflowStep.Compensate"/>
    public StepBuilder Compensate(string type, object? payload = null) =>
        With(Step with { Compensate = new JobAction(type, ToTemplate(payload)) });

    internal static JsonElement ToTemplate(object? value) =>
        value is null ? default : JsonSerializer.SerializeToElement(value, JobJson.Options);

    private StepBuilder With(WorkflowStep step)
    {
        Step = step;
        return this;
    }
}
