using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace JobPipeline.Telemetry;

/// <summary>The default rules for which logs are exported, and how.</summary>
internal static class LogRules
{
    /// <summary>
    /// Omits the framework's log messages about each HTTP call of a handler, four per call.
    /// <c>Logging:LogLevel:System.Net.Http.HttpClient</c> in the configuration overrides this.
    /// </summary>
    public static void QuietHttpClients(this ILoggingBuilder logging) => logging.Services.Configure<LoggerFilterOptions>(
        options => options.Rules.Insert(
            0, new LoggerFilterRule(providerName: null, "System.Net.Http.HttpClient", LogLevel.Warning, filter: null)));

    /// <summary>
    /// Exports logs with scopes, so that each message of a job identifies the job. Of the executor only warnings and errors are
    /// exported: a job's success is in the metrics and on record, and a message for each would cost more than everything else. The
    /// configuration section <c>Logging:OpenTelemetry:LogLevel</c> overrides this.
    /// </summary>
    public static void AddLogRules(this ILoggingBuilder logging)
    {
        // The last rule for a category wins, so this one is inserted before those of the configuration.
        logging.Services.Configure<LoggerFilterOptions>(options => options.Rules.Insert(
            0,
            new LoggerFilterRule(typeof(OpenTelemetryLoggerProvider).FullName, "JobPipeline.Execution", LogLevel.Warning, filter: null)));
        logging.Services.Configure<OpenTelemetryLoggerOptions>(
            options => (options.IncludeScopes, options.IncludeFormattedMessage) = (true, true));
    }
}
