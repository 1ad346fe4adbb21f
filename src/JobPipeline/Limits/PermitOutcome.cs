namespace JobPipeline.Limits;

/// <summary>What a run showed about what the job depends on.</summary>
internal enum PermitOutcome
{
    /// <summary>The handler succeeded.</summary>
    Succeeded,

    /// <summary>A transient failure or a time limit: it counts against the dependency.</summary>
    TransientFailure,

    /// <summary>A failure of the job itself. The dependency answered.</summary>
    PermanentFailure,

    /// <summary>Snoozed, throttled, cancelled or interrupted: it shows nothing about the dependency.</summary>
    Inconclusive,
}
