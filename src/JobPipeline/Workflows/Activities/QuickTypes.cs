using JobPipeline.Handlers;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Finds the job types of a workflow that are expected to be quick, by the policies of this process. An orchestration keeps the answer,
/// because other processes may know other policies.
/// </summary>
internal static class QuickTypes
{
    /// <summary>Returns the quick types among those that steps of the definition run.</summary>
    public static IReadOnlyList<string> Of(WorkflowDefinition definition, JobRegistry registry) =>
    [
        .. definition.Steps.Select(step => step.Action)
            .OfType<JobAction>()
            .Select(job => job.Type)
            .Distinct(StringComparer.Ordinal)
            .Where(type => PackRules.IsQuick(registry.Find(type)?.DurationInCompany)),
    ];
}
