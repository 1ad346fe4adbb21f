namespace JobPipeline.Limits.Pauses;

/// <summary>Keeps what is paused.</summary>
public interface IPauseStore
{
    /// <summary>Writes or overwrites the pause of its target.</summary>
    Task PutAsync(Pause pause, CancellationToken cancellationToken);

    /// <summary>Nothing happens when the target is not paused.</summary>
    Task RemoveAsync(PauseTarget target, string name, CancellationToken cancellationToken);

    /// <summary>Everything that is paused, in one query of one partition.</summary>
    Task<IReadOnlyList<Pause>> ListAsync(CancellationToken cancellationToken);
}
