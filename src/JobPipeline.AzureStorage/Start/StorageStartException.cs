namespace JobPipeline.AzureStorage.Start;

/// <summary>The storage can't be used at start, for a reason that a person has to put right.</summary>
/// <param name="message">What is wrong and what to do, in one line.</param>
/// <param name="isMisconfigured">True when settings are wrong; false when nobody answers.</param>
/// <param name="inner">What the client threw.</param>
internal sealed class StorageStartException(string message, bool isMisconfigured, Exception inner) : Exception(message, inner)
{
    public bool IsMisconfigured { get; } = isMisconfigured;
}
