using Microsoft.Extensions.Logging;

namespace JobPipeline.AzureStorage.Chaos;

/// <summary>Event ids 3000-3099.</summary>
internal static partial class ChaosLog
{
    [LoggerMessage(
        3000, LogLevel.Warning,
        "CHAOS IS ON: storage calls and handlers of this process are disturbed on purpose ({Section}). Never use it in production")]
    public static partial void Enabled(ILogger logger, string section);

    [LoggerMessage(3001, LogLevel.Information, "Chaos: {Disturbance} at {Method} {Path}")]
    public static partial void Disturbed(ILogger logger, string disturbance, string method, string path);
}
