namespace JobPipeline.Tests.Interleavings;

/// <summary>Ways to break the protocol on purpose, each by a decorator of a port.</summary>
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
