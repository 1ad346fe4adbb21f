namespace JobPipeline.Jobs;

/// <summary>Puts messages on a queue.</summary>
public interface IJobQueue
{
    /// <summary>
    /// Sends one message that never expires by itself and becomes visible after <paramref name="delay"/>
    /// (at most <see cref="JobLimits.MaxHop"/>; longer waits are cut to it and hop).
    /// </summary>
    Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken);
}
