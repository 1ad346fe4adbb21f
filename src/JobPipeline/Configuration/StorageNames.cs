using JobPipeline.Jobs;

namespace JobPipeline.Configuration;

/// <summary>
/// The names of the tables, containers and queues that the pipeline has in its storage account, without the prefix of
/// <c>JobPipeline:Storage:Prefix</c>. They are created at the first start, and payloads must not name them.
/// </summary>
internal static class StorageNames
{
    public const string Jobs = "Jobs";
    public const string Keys = "Keys";
    public const string DeadLetters = "DeadLetters";
    public const string ErrorGroups = "ErrorGroups";
    public const string Settings = "Settings";
    public const string Pauses = "Pauses";
    public const string Instances = "Instances";
    public const string Alerts = "Alerts";
    public const string Housekeeping = "Housekeeping";
    public const string Limits = "Limits";
    public const string Workflows = "Workflows";
    public const string WorkflowEvents = "workflow-events";
    public const string Payloads = "payloads";

    /// <summary>Gets the tables that are created.</summary>
    public static IReadOnlyList<string> Tables { get; } =
        [Jobs, Keys, DeadLetters, ErrorGroups, Settings, Pauses, Instances, Alerts, Housekeeping, Limits, Workflows];

    /// <summary>Gets the containers that are created.</summary>
    public static IReadOnlyList<string> Containers { get; } = [Payloads];

    /// <summary>Gets the queues that are created.</summary>
    public static IReadOnlyList<string> Queues { get; } =
        [.. PriorityQueues.Received.SelectMany(queue => new[] { queue, PriorityQueues.PoisonOf(queue) }), WorkflowEvents];

    /// <summary>Gets the tables that payloads must not name: those that are created, and those that later releases will create.</summary>
    public static IReadOnlyList<string> ReservedTables { get; } =
        [.. Tables, "Schedules", "Batches", "Stats", "Audit", "Webhooks", "Sensors"];

    /// <summary>Gets the queues that payloads must not name: those that are created, and those that later releases will create.</summary>
    public static IReadOnlyList<string> ReservedQueues { get; } = [.. Queues, "gates"];
}
