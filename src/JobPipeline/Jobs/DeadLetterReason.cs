namespace JobPipeline.Jobs;

/// <summary>The reason for a dead letter.</summary>
public enum DeadLetterReason
{
    /// <summary>The message is not JSON, or does not have the shape of a job message.</summary>
    Unreadable,

    /// <summary>No handler is registered for the type.</summary>
    UnknownType,

    /// <summary>The payload does not match the type's schema, or its blob is missing.</summary>
    InvalidPayload,

    /// <summary>Every attempt failed.</summary>
    AttemptsExhausted,

    /// <summary>The job failed with an error that a retry can't fix.</summary>
    PermanentFailure,

    /// <summary>Three workers crashed while running the job.</summary>
    KilledItsWorker,

    /// <summary>The job id belongs to another job, or its timestamp lies outside the period that the pipeline keeps.</summary>
    ForgedIdentity,

    /// <summary>The unique key is held by a job with another payload.</summary>
    KeyConflict,

    /// <summary>A host gave up on the message and moved it to its poison queue.</summary>
    Poison,
}
