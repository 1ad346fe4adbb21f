namespace JobPipeline.Workflows.Local;

/// <summary>Applies events to workflow instances.</summary>
internal interface ILocalTurns
{
    /// <summary>
    /// Applies events. Returns null if all effects were carried out; otherwise, when to retry those that are left.
    /// </summary>
    /// <exception cref="Exception">Nothing was applied, or it is unknown whether it was; apply the events again.</exception>
    Task<DateTimeOffset?> ApplyAsync(string id, IReadOnlyList<LocalEvent> events, CancellationToken cancellationToken);
}
