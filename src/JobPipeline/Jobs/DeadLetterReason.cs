namespace JobPipeline.Jobs;

/// <summary>Why something became a dead letter.</summary>
public enum DeadLetterReason
{
    /// <summary>Not JSON, or not in the shape of a job message.</summary>
    Unreadable,

    /// <summary>No handler is registered for the type.</summary>
    UnknownType,

    /// <summary>The payload does not fit the type, or its blob is missing.</summary>
    InvalidPayload,

    /// <summary>Every attempt failed.</summary>
    AttemptsExhausted,

    /// <summary>It failed in a way that another attempt can't mend.</summary>
    PermanentFailure,

    /// <summary>Three workers died while they ran it.</summary>
    KilledItsWorker,

    /// <summary>The job id belongs to another job, or its moment lies outside what the pipeline keeps.</summary>
    ForgedIdentity,

    /// <summary>Its unique key is held by a job with another payload.</summary>
    KeyConflict,

    /// <summary>A host gave up on the message and moved it to its poison queue.</summary>
    Poison,
}
