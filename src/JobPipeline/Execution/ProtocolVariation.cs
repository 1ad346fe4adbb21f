using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution;

/// <summary>
/// The points of the protocol that tests break on purpose, to prove that the interleaving suite would notice. Internal,
/// no configuration reaches it.
/// </summary>
internal sealed record ProtocolVariation
{
    /// <summary>How deliveries are judged.</summary>
    public Func<JobMessage, JobSnapshot, DateTimeOffset, int, DeliveryDecision> Decide { get; init; } = DeliveryDecision.For;

    /// <summary>Sends what follows before the outcome is on record.</summary>
    public bool FollowUpBeforeRecord { get; init; }

    /// <summary>Sends a replay before the letter tells of it.</summary>
    public bool ReplaySentBeforeLink { get; init; }
}
