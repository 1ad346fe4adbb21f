using Microsoft.Extensions.Logging;

namespace JobPipeline.AzureStorage;

/// <summary>Event ids 3100-3199.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(
        3100, LogLevel.Warning, "Waiting for storage at {Address}, attempt {Attempt}: {Reason}. The start fails after {Limit} seconds")]
    public static partial void Waiting(ILogger logger, Uri address, int attempt, string reason, double limit);
}
