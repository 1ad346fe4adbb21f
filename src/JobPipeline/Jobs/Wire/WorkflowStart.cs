using System.Text.Json;

namespace JobPipeline.Jobs.Wire;

/// <summary>The payload of the job that starts a workflow: what a message <c>{ "workflow": "...", "input": ... }</c> stands for.</summary>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Input">What it is given.</param>
/// <param name="Instance">The instance's id; null: the job's.</param>
public sealed record WorkflowStart(string Workflow, JsonElement? Input = null, string? Instance = null)
{
    /// <summary>The type of that job.</summary>
    public const string JobType = "workflow.start";

    internal static ReadOnlyMemory<byte> Payload(string workflow, ReadOnlyMemory<byte> input) =>
        JsonSerializer.SerializeToUtf8Bytes(new WorkflowStart(workflow, input.IsEmpty ? null : JobJson.Parse(input.Span)), JobJson.Options);
}
