using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace JobPipeline.Telemetry;

/// <summary>Which logs are exported, and how.</summary>
internal static class LogRules
{
    /// <summary>
    /// Leaves out what the framework logs of each HTTP call of a handler, four lines a call. The configuration's
    /// <c>Logging:LogLevel:System.Net.Http.HttpClient</c> decides otherwise.
    /// </summary>
    public static void QuietHttpClients(this ILoggingBuilder logging) => logging.Services.Configure<LoggerFilterOptions>(
        options => options.Rules.Insert(
            0, new LoggerFilterRule(providerName: null, "System.Net.Http.HttpClient", LogLevel.Warning, filter: null)));

    /// <summary>
    /// With scopes, so that each line of a job says which it is of. That a job succeeded is in metrics and on record, and a
    /// line for each would cost more than all else: of the executor warnings and errors are exported. Configuration section
    /// <c>Logging:OpenTelemetry:LogLevel</c> decides otherwise.
    /// </summary>
    public static void AddLogRules(this ILoggingBuilder logging)
    {
        // Of rules for the same category the last one counts, so this one goes before those of the configuration.
        logging.Services.Configure<LoggerFilterOptions>(options => options.Rules.Insert(
            0, new LoggerFilterRule(typeof(OpenTelemetryLoggerProvider).FullName, "JobPipeline.Execution", LogLevel.Warning, filter: null)));
        logging.Services.Configure<OpenTelemetryLoggerOptions>(options => (options.IncludeScopes, options.IncludeFormattedMessage) = (true, true));
    }
}
