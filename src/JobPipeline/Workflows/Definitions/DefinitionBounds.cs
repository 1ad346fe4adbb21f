using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Definitions;

/// <summary>What every instance keeps of its definition has to fit beside its state, and has to be readable again.</summary>
internal static class DefinitionBounds
{
    /// <summary>What keeps a definition from being stored with an instance; null for nothing.</summary>
    public static FieldFault? FaultOf(WorkflowDefinition definition)
    {
        try
        {
            var json = WorkflowReader.Write(definition);
            if (json.Length > WorkflowDefinition.MaxBytes)
            {
                return new FieldFault(
                    "", $"has {json.Length} bytes; at most {WorkflowDefinition.MaxBytes} are accepted. Pass large values as the input, or keep them in a blob");
            }

            return JsonText.FaultOf(json, JobLimits.MaxDepth) is { } fault ? new FieldFault("", fault) : null;
        }
        catch (Exception e)
        {
            // A template that is read but can't be written, such as one with half a surrogate pair.
            return new FieldFault("steps", $"can't be written as JSON: {e.Message}");
        }
    }
}
