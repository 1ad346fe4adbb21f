namespace JobPipeline.Jobs;

/// <summary>Sends messages to a queue.</summary>
public interface IJobQueue
{
    /// <summary>
    /// Sends a message that never expires and becomes visible after <paramref name="delay"/> (at most
    /// <see cref="JobLimits.MaxHop"/>; a longer delay is shortened to it, and the message is delayed again when it is delivered).
    /// </summary>
    Task SendAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken);
}
