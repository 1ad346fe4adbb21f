using System.Text;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Http.Workflows;

/// <summary>Renders the steps of a workflow instance as a Mermaid flowchart, colored by status.</summary>
internal static class WorkflowDiagram
{
    private static readonly (string Class, string Style, StepStatus[] Of)[] Classes =
    [
        ("waiting", "fill:#eceff1,stroke:#90a4ae,color:#37474f", [StepStatus.Pending]),
        ("running", "fill:#bbdefb,stroke:#1976d2,color:#0d47a1", [StepStatus.Expanding, StepStatus.Running]),
        ("succeeded", "fill:#c8e6c9,stroke:#388e3c,color:#1b5e20", [StepStatus.Succeeded]),
        ("failed", "fill:#ffcdd2,stroke:#d32f2f,color:#b71c1c", [StepStatus.Failed, StepStatus.CompensationFailed]),
        ("passed", "fill:#fafafa,stroke:#bdbdbd,color:#616161,stroke-dasharray:4", [StepStatus.Skipped, StepStatus.Cancelled]),
        ("undone", "fill:#ffe0b2,stroke:#f57c00,color:#e65100", [StepStatus.Compensating, StepStatus.Compensated]),
    ];

    public static string Of(WorkflowInstance instance)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var (step, state) in instance.Definition.Steps.Zip(instance.State.Steps))
        {
            var style = Classes.First(entry => entry.Of.Contains(state.Status)).Class;
            text.Append("  ").Append(NodeOf(step.Id)).Append("[\"").Append(step.Id).Append("<br/>").Append(LabelOf(step.Action, state))
                .Append("\"]:::").Append(style).Append('\n');
        }

        foreach (var step in instance.Definition.Steps)
        {
            foreach (var need in step.Needs)
            {
                var arrow = step.When == TriggerRule.AllSucceeded ? " --> " : $" -. {NameOf(step.When)} .-> ";
                text.Append("  ").Append(NodeOf(need)).Append(arrow).Append(NodeOf(step.Id)).Append('\n');
            }
        }

        foreach (var (name, style, _) in Classes)
            text.Append("  classDef ").Append(name).Append(' ').Append(style).Append('\n');
        return text.ToString();
    }

    /// <summary>Gets the node id of a step; the prefix avoids Mermaid's reserved words.</summary>
    private static string NodeOf(string step) => $"step_{step}";

    private static string LabelOf(StepAction action, StepState state) => action switch
    {
        JobAction job => job.Type,
        ChildAction child => child.Name,
        ForEachAction { Each: JobAction job } => $"{job.Type} {state.Done}/{state.Items}",
        ForEachAction { Each: ChildAction child } => $"{child.Name} {state.Done}/{state.Items}",
        WaitAction wait => $"waits for {Quoted(wait.Event)}",
        DelayAction delay => $"{delay.Duration:c}",
        _ => "",
    };

    private static string NameOf(TriggerRule rule) => rule switch
    {
        TriggerRule.AnyFailed => "any failed",
        TriggerRule.AllDone => "all done",
        _ => "always",
    };

    /// <summary>Escapes an event name, which may contain any character.</summary>
    private static string Quoted(string text) =>
        string.Concat(text.EnumerateRunes().Select(
            rune => Rune.IsLetterOrDigit(rune) || rune.Value is '.' or '_' or '-' or ' ' ? rune.ToString() : $"#{rune.Value};"));
}
