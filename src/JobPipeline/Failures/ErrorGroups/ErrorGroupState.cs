namespace JobPipeline.Failures.ErrorGroups;

/// <summary>The triage state of an error group.</summary>
public enum ErrorGroupState
{
    /// <summary>Not triaged yet, or a regression.</summary>
    Open,

    /// <summary>Fixed in <see cref="ErrorGroup.ResolvedIn"/>; an occurrence in a later release reopens it as a regression.</summary>
    Resolved,

    /// <summary>Known and muted; still counted.</summary>
    Ignored,
}
