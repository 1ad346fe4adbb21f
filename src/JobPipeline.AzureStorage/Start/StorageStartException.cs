namespace JobPipeline.AzureStorage.Start;

/// <summary>Thrown at start when the storage account can't be used, for a reason that the operator has to fix.</summary>
/// <param name="message">The error and its remedy, in one line.</param>
/// <param name="isMisconfigured">Whether settings are invalid; otherwise the service did not respond.</param>
/// <param name="inner">The exception of the client.</param>
internal sealed class StorageStartException(string message, bool isMisconfigured, Exception inner) : Exception(message, inner)
{
    public bool IsMisconfigured { get; } = isMisconfigured;
}
