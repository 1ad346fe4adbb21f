using JobPipeline.Workflows.Definitions;

namespace JobPipeline.TestHost.Jobs;

/// <summary>Workflows registered by name.</summary>
internal static class TestWorkflows
{
    public static WorkflowDefinition Approval { get; } = Read("""
        {
          "name": "test.approval",
          "description": "Says something once somebody has approved it.",
          "output": "${{ steps.publish.output }}",
          "steps": {
            "draft": {
              "job": "test.echo",
              "payload": { "text": "${{ input.text }}" },
              "compensate": { "job": "test.echo", "payload": { "text": "forget it" } }
            },
            "approval": { "waitFor": "approved", "timeout": "1.00:00:00", "needs": ["draft"] },
            "publish": {
              "job": "test.echo",
              "payload": { "text": "${{ steps.draft.output }}, says ${{ steps.approval.output.by }}" },
              "needs": ["approval"]
            }
          }
        }
        """u8);

    private static WorkflowDefinition Read(ReadOnlySpan<byte> json) =>
        WorkflowReader.Read(json, out var faults) ?? throw new InvalidOperationException(string.Join("; ", faults));
}
