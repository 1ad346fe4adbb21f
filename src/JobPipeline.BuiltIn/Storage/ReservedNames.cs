using JobPipeline.Configuration;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Whether a name is reserved, so that payloads may not use it.</summary>
internal enum Reservation
{
    None,

    /// <summary>The name looks like one of a task hub, but need not be: reserved unless the configuration lists it.</summary>
    ByDefault,

    /// <summary>Reserved regardless of configuration.</summary>
    Always,
}

/// <summary>
/// The containers and tables of the pipeline, of the Functions host and of Durable Functions. A payload that could name them could modify
/// jobs, read the host's keys, or break orchestrations.
/// </summary>
/// <param name="prefix">The pipeline's own prefix; its names are reserved with and without it.</param>
/// <param name="hubs">The names of known task hubs.</param>
internal sealed class ReservedNames(string prefix, IReadOnlyList<string> hubs)
{
    public const string ContainerRefusal =
        "is in a container of the pipeline itself or of its host, which jobs may not use; use another container";
    public const string TableRefusal =
        "is a table of the pipeline itself or of its host, which jobs may not use; use another table";

    private static readonly string[] HostContainers =
        ["azure-webjobs-", "azure-jobs-", "azure-functions-", "function-releases", "scm", "app-package", "durabletask-"];

    private static readonly string[] HostTables =
        ["AzureWebJobs", "AzureFunctions", "DurableFunctionsHub", "TestHubName", "DurableTask"];

    private static readonly string[] HubContainers = ["-applease", "-leases", "-largemessages"];
    private static readonly string[] HubTables = ["Instances", "History", "Partitions"];

    /// <summary>Gets the names that are reserved in every installation.</summary>
    public static ReservedNames Everywhere { get; } = new("", TaskHubs.WellKnown);

    public static ReservedNames From(IConfiguration configuration) =>
        new(configuration["JobPipeline:Storage:Prefix"] ?? "", TaskHubs.Of(configuration));

    public Reservation OfContainer(string name)
    {
        if (Owned(StorageNames.Containers).Contains(name, StringComparer.OrdinalIgnoreCase) || StartsWithAny(name, HostContainers))
            return Reservation.Always;
        return OfHub(name, HubContainers);
    }

    public Reservation OfTable(string name)
    {
        if (Owned(StorageNames.ReservedTables).Contains(name, StringComparer.OrdinalIgnoreCase) || StartsWithAny(name, HostTables))
            return Reservation.Always;
        return OfHub(name, HubTables);
    }

    private IEnumerable<string> Owned(IReadOnlyList<string> names) => names.Concat(names.Select(name => prefix + name));

    private Reservation OfHub(string name, string[] endings)
    {
        if (hubs.SelectMany(hub => endings.Select(ending => hub + ending)).Contains(name, StringComparer.OrdinalIgnoreCase))
            return Reservation.Always;
        return Array.Exists(endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ? Reservation.ByDefault
            : Reservation.None;
    }

    private static bool StartsWithAny(string name, string[] beginnings) =>
        Array.Exists(beginnings, beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));
}
