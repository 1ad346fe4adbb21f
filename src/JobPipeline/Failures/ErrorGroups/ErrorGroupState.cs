namespace JobPipeline.Failures.ErrorGroups;

/// <summary>What people have said of an error group.</summary>
public enum ErrorGroupState
{
    /// <summary>Nobody has dealt with it yet, or it came back.</summary>
    Open,

    /// <summary>Mended in some release: seen in a later one, it is open again as a regression.</summary>
    Resolved,

    /// <summary>Known, and nobody wants to hear of it: counted, and no more.</summary>
    Ignored,
}
