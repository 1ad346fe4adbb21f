namespace JobPipeline.Configuration;

/// <summary>What happens to a job that a limit does not allow to start.</summary>
public enum OnLimit
{
    /// <summary>It waits, without a message and at no cost, until the limit lets it start.</summary>
    Park,

    /// <summary>It ends as cancelled.</summary>
    Drop,
}
