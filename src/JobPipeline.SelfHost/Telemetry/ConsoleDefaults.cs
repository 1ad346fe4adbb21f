using Microsoft.Extensions.Configuration.Memory;

namespace JobPipeline.SelfHost.Telemetry;

/// <summary>
/// How the console's lines look unless the configuration's section <c>Logging:Console</c> says otherwise: one line an entry,
/// with the time in UTC. With <c>FormatterName=json</c> the scopes are in it as well.
/// </summary>
internal static class ConsoleDefaults
{
    private const string Section = "Logging:Console";
    private const string Formatter = $"{Section}:FormatterName";
    private const string Options = $"{Section}:FormatterOptions";

    public static void AddConsoleDefaults(this IConfigurationBuilder builder, IConfiguration configuration)
    {
        var isJson = string.Equals(configuration[Formatter], "json", StringComparison.OrdinalIgnoreCase);
        // Before every other source, so that each of them goes before it.
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
