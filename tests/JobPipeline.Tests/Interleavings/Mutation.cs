namespace JobPipeline.Tests.Interleavings;

/// <summary>Deliberate defects of the protocol.</summary>
public enum Mutation
{
    None,
    FenceDropped,
    AcknowledgeBeforeCommit,
    FollowUpBeforeRecord,
    LeaseIgnored,
    PutBackTurnedIntoAcknowledge,
    ReplaySentBeforeLink,
    UnknownTypeBuriedAtOnce,
    ClosedGateIgnored,
    PermitCompletedBeforeRecord,
    PermitKept,
}
