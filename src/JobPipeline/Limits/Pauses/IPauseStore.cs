namespace JobPipeline.Limits.Pauses;

/// <summary>Stores pauses.</summary>
public interface IPauseStore
{
    /// <summary>Stores the pause, replacing an existing one of the same target.</summary>
    Task PutAsync(Pause pause, CancellationToken cancellationToken);

    /// <summary>Removes the pause of a target; does nothing when it is not paused.</summary>
    Task RemoveAsync(PauseTarget target, string name, CancellationToken cancellationToken);

    /// <summary>Lists all pauses with one query of one partition.</summary>
    Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellationToken);
}
