using Microsoft.Extensions.Configuration;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>The pipeline's own tables, into which nothing is imported: a payload must not be able to rewrite jobs.</summary>
internal sealed class ReservedTables(string prefix)
{
    // The storage schema of the pipeline. The adapter knows these names better, but jobs do not depend on an adapter.
    private static readonly string[] Names =
    [
        "Jobs", "Keys", "DeadLetters", "ErrorGroups", "Pauses", "Housekeeping", "Schedules", "Limits", "Instances", "Alerts", "Workflows", "WorkflowSteps", "Settings",
    ];

    public static ReservedTables From(IConfiguration configuration) => new(configuration["JobPipeline:Storage:Prefix"] ?? "");

    /// <summary>Table names are case-insensitive in the service.</summary>
    public bool Contains(string table) => Array.Exists(Names, name => string.Equals(prefix + name, table, StringComparison.OrdinalIgnoreCase));
}
