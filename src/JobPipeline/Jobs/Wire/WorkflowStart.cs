using System.Text.Json;

namespace JobPipeline.Jobs.Wire;

/// <summary>
/// The payload of the job that starts a workflow, as requested by a message <c>{ "workflow": "...", "input": ... }</c>.
/// </summary>
/// <param name="Workflow">The name of the workflow.</param>
/// <param name="Input">The input of the workflow.</param>
/// <param name="Instance">The id of the workflow instance; null to use the id of the job.</param>
internal sealed record WorkflowStart(string Workflow, JsonElement? Input = null, string? Instance = null)
{
    /// <summary>The job type.</summary>
    public const string JobType = "workflow.start";

    internal static ReadOnlyMemory<byte> Payload(string workflow, ReadOnlyMemory<byte> input) =>
        JsonSerializer.SerializeToUtf8Bytes(new WorkflowStart(workflow, input.IsEmpty ? null : JobJson.Parse(input.Span)), JobJson.Options);
}
