namespace JobPipeline.Configuration;

/// <summary>
/// The configuration sections and job types of all parts of the product. Processes that share one environment are built
/// from different parts: a producer must not be stopped by the listener's settings. A test compares both lists with the code.
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
        "JobPipeline:Errors",
        "JobPipeline:Gauges",
        "JobPipeline:Housekeeping",
        "JobPipeline:Http",
        "JobPipeline:Instances",
        "JobPipeline:Listener",
        "JobPipeline:Pauses",
        "JobPipeline:Storage",
        "JobPipeline:Telemetry",
    };

    /// <summary>The types of the jobs that the product brings along.</summary>
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

    /// <summary>True for a section that some part of the product reads, whether this process has that part or not.</summary>
    public static bool IsSection(string path) => Sections.Contains(path);

    /// <summary>The names of the sections directly below the path.</summary>
    public static IEnumerable<string> SectionsBelow(string path) =>
        Sections.Where(section => section.Length > path.Length && section.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase))
            .Select(section => section[(path.Length + 1)..])
            .Where(name => !name.Contains(':'));
}
