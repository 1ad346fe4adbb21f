using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Definitions;

/// <summary>
/// The limits of a definition. Each workflow instance stores its definition with its state, so it must fit in the same row and be
/// readable.
/// </summary>
internal static class DefinitionBounds
{
    /// <summary>
    /// Returns the validation error that keeps a definition from being stored with a workflow instance, or null if it can be stored.
    /// </summary>
    public static ValidationError? ErrorOf(WorkflowDefinition definition)
    {
        try
        {
            var json = WorkflowReader.Write(definition);
            if (json.Length > WorkflowDefinition.MaxBytes)
            {
                return new ValidationError(
                    "",
                    $"has {json.Length} bytes; at most {WorkflowDefinition.MaxBytes} are accepted. "
                        + "Pass large values as the input, or store them in a blob");
            }

            return JsonText.ErrorOf(json, JobLimits.MaxDepth) is { } error ? new ValidationError("", error) : null;
        }
        catch (Exception e)
        {
            // Some templates can be read but not written, such as one with half a surrogate pair.
            return new ValidationError("steps", $"can't be written as JSON: {e.Message}");
        }
    }
}
