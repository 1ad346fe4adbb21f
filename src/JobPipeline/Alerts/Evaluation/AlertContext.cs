namespace JobPipeline.Alerts.Evaluation;

/// <summary>The context of a decision about an alert, besides the measurements.</summary>
/// <param name="Instance">The instance that decides.</param>
/// <param name="Living">The other instances that are alive; null if it makes no difference, in which case all count as alive.</param>
/// <param name="Runbook">The address of the runbook.</param>
/// <param name="Now">The current time.</param>
internal sealed record AlertContext(string Instance, IReadOnlySet<string>? Living, string Runbook, DateTimeOffset Now)
{
    public bool IsAlive(string instance) => Living is null || Living.Contains(instance);
}
