namespace JobPipeline.Workflows.Local;

/// <summary>Applies events to workflow instances.</summary>
internal interface ILocalTurns
{
    /// <summary>Applies events, and carries out the effects.</summary>
    /// <exception cref="Exception">Nothing was applied, or it is unknown whether it was; apply the events again.</exception>
    Task<TurnResult> ApplyAsync(string id, IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken);
}

/// <summary>The result of applying events.</summary>
/// <param name="RetryAt">When to retry the effects that are left, or the events; null if nothing is left.</param>
/// <param name="IsApplied">Whether the events were applied; they were not if other processes kept writing the workflow instance.</param>
internal readonly record struct TurnResult(DateTimeOffset? RetryAt, bool IsApplied = true);
