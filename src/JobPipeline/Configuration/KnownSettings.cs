namespace JobPipeline.Configuration;

/// <summary>
/// The configuration sections and job types of all components of the product. Processes that share an environment consist of
/// different components: a producer must not fail at start-up because of the listener's settings. A test compares both lists with
/// the code.
/// </summary>
internal static class KnownSettings
{
    private static readonly HashSet<string> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        "JobPipeline:Alerts",
        "JobPipeline:Alerts:Receivers",
        "JobPipeline:Api",
        "JobPipeline:BuiltIn",
        "JobPipeline:BuiltIn:Outbound",
        "JobPipeline:BuiltIn:Storage",
        "JobPipeline:Chaos",
        "JobPipeline:Durable",
        "JobPipeline:Errors",
        "JobPipeline:Gauges",
        "JobPipeline:Governor",
        "JobPipeline:Housekeeping",
        "JobPipeline:Http",
        "JobPipeline:Instances",
        "JobPipeline:Listener",
        "JobPipeline:Pauses",
        "JobPipeline:Storage",
        "JobPipeline:Telemetry",
    };

    /// <summary>The built-in job types.</summary>
    public static IReadOnlyList<string> JobTypes { get; } =
    [
        "alert.email",
        "alert.webhook",
        "blob.checksum",
        "blob.copy",
        "csv.import",
        "dead-letters.replay",
        "errors.recount",
        "http.request",
        "weather.month",
        "weather.months",
        "weather.report",
        "weather.summary",
        "workflow.start",
    ];

    /// <summary>Whether some component of the product reads the section, even if this process does not have that component.</summary>
    public static bool IsSection(string path) => Sections.Contains(path);

    /// <summary>Gets the names of the sections directly below the path.</summary>
    public static IEnumerable<string> SectionsBelow(string path) =>
        Sections.Where(section => section.Length > path.Length && section.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase))
            .Select(section => section[(path.Length + 1)..])
            .Where(name => !name.Contains(':'));
}
