using JobPipeline.Configuration;
using JobPipeline.Execution.UnknownTypes;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Activities;
using JobPipeline.Workflows.Definitions;
using Microsoft.Extensions.Options;

namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Finds the definition of a child workflow. During a deployment, the instance that starts the child may not know a definition
/// that another instance has. An unknown name is therefore looked up again, on this or another instance, until the grace period
/// has passed.
/// </summary>
internal sealed class ChildDefinitions(WorkflowCatalog catalog, TimeProvider time, IOptions<JobPipelineOptions> options)
{
    /// <summary>Returns the definition, or when to look it up again.</summary>
    /// <param name="name">The name of the child workflow.</param>
    /// <param name="order">The step attempt that starts the child.</param>
    /// <exception cref="JobRejectedException">
    /// No instance that looked it up knew the definition within the grace period.
    /// </exception>
    public (WorkflowDefinition? Definition, DateTimeOffset AskAgainAt) Find(string name, StepAttemptInput order)
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
