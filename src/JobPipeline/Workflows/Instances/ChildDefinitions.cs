using JobPipeline.Configuration;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Finds the definition of a child workflow. The instance that is to start it may run another release than the one that has
/// the definition, so a name that is not in the catalog is asked for again, here or elsewhere, until the grace period is over.
/// </summary>
internal sealed class ChildDefinitions(WorkflowCatalog catalog, TimeProvider time, IOptions<JobPipelineOptions> options)
{
    /// <summary>The definition, or when to ask again.</summary>
    /// <param name="name">The child's name.</param>
    /// <param name="order">The attempt that is to start it.</param>
    /// <exception cref="JobRejectedException">No instance that was asked had the definition during the grace period.</exception>
    public (WorkflowDefinition? Definition, DateTimeOffset AskAgainAt) Find(string name, StepOrder order)
    {
        if (catalog.Find(name) is { } definition)
            return (definition, default);
        var now = time.GetUtcNow();
        var age = now - order.At;
        if (age >= options.Value.UnknownTypeGrace)
            throw new JobRejectedException(catalog.WhyUnknown(name));
        var givesUpAt = order.At + options.Value.UnknownTypeGrace;
        var jitter = Jitter.Of(order.Id, order.Run.Deferrals);
        var again = now + UnknownTypeDecision.WaitAfter(age, jitter, UnknownTypeDecision.LongestWaitWhileKnown);
        return (null, again < givesUpAt ? again : givesUpAt);
    }
}
