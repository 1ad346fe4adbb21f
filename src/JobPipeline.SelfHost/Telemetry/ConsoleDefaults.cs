using Microsoft.Extensions.Configuration.Memory;

namespace JobPipeline.SelfHost.Telemetry;

/// <summary>
/// The default format of the console log, unless the configuration section <c>Logging:Console</c> specifies another: one line
/// per entry, with the time in UTC. With <c>FormatterName=json</c>, entries include the scopes.
/// </summary>
internal static class ConsoleDefaults
{
    private const string Section = "Logging:Console";
    private const string Formatter = $"{Section}:FormatterName";
    private const string Options = $"{Section}:FormatterOptions";

    public static void AddConsoleDefaults(this IConfigurationBuilder builder, IConfiguration configuration)
    {
        var isJson = string.Equals(configuration[Formatter], "json", StringComparison.OrdinalIgnoreCase);
        // Inserted first, so that every other source takes precedence.
        builder.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
            {
                [Formatter] = "simple",
                [$"{Options}:SingleLine"] = "true",
                [$"{Options}:UseUtcTimestamp"] = "true",
                [$"{Options}:TimestampFormat"] = isJson ? "yyyy-MM-ddTHH:mm:ss.fffZ" : "yyyy-MM-ddTHH:mm:ss.fffZ ",
                [$"{Options}:IncludeScopes"] = isJson ? "true" : "false",
            },
        });
    }
}
