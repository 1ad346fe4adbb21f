using JobPipeline.Instances;

namespace JobPipeline.Alerts.Evaluation;

/// <summary>What a decision about an alert rests on, beside the measurements.</summary>
/// <param name="Instance">Who decides.</param>
/// <param name="Living">The other instances that are alive; null: all that are asked for, for it makes no difference.</param>
/// <param name="Runbook">Where the runbook is.</param>
/// <param name="Now">The time.</param>
internal sealed record AlertContext(string Instance, IReadOnlySet<string>? Living, string Runbook, DateTimeOffset Now)
{
    public bool IsAlive(string instance) => Living is null || Living.Contains(instance);
}
