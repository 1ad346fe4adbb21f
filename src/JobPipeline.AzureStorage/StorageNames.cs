namespace JobPipeline.AzureStorage;

/// <summary>Tables and containers, beside the lanes' queues.</summary>
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
    public const string Workflows = "Workflows";
    public const string WorkflowSteps = "WorkflowSteps";
    public const string Payloads = "payloads";

    public static IReadOnlyList<string> Tables { get; } = [Jobs, Keys, DeadLetters, ErrorGroups, Settings, Pauses, Instances, Alerts, Housekeeping, Workflows, WorkflowSteps];
}
