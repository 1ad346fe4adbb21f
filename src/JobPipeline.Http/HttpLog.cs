using Microsoft.Extensions.Logging;

namespace JobPipeline.Http;

internal static partial class HttpLog
{
    [LoggerMessage(4001, LogLevel.Error, "Enqueuing {Count} items of a batch failed")]
    public static partial void BatchItemsFailed(ILogger logger, Exception error, int count);
}
