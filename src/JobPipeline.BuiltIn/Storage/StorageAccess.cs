using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Decides whether this installation lets payloads use a name.</summary>
internal sealed class StorageAccess(ReservedNames reserved, StorageAccessOptions options)
{
    private const string Containers = $"{StorageAccessOptions.Section}:{nameof(StorageAccessOptions.Containers)}";
    private const string Tables = $"{StorageAccessOptions.Section}:{nameof(StorageAccessOptions.Tables)}";

    private const string HowToOpen = "To use it, list it, with every other one that jobs use, in";

    /// <exception cref="JobRejectedException">The container is closed to payloads.</exception>
    public void Check(BlobAddress address)
    {
        var isListed = options.Containers.Contains(address.Container, StringComparer.Ordinal);
        var objection = reserved.OfContainer(address.Container) switch
        {
            Reservation.Always => ReservedNames.ContainerRefusal,
            _ when isListed => null,
            _ when options.Containers.Count > 0 => $"is in a container that {Containers} does not list",
            Reservation.ByDefault => $"is in what looks like a container of Durable Functions. {HowToOpen} {Containers}",
            _ => null,
        };
        if (objection is not null)
            throw new JobRejectedException($"'{address}' {objection}.");
    }

    /// <exception cref="JobRejectedException">The table is closed to payloads.</exception>
    public void Check(TableName table)
    {
        var isListed = options.Tables.Contains(table.Value, StringComparer.OrdinalIgnoreCase);
        var objection = reserved.OfTable(table.Value) switch
        {
            Reservation.Always => ReservedNames.TableRefusal,
            _ when isListed => null,
            _ when options.Tables.Count > 0 => $"is a table that {Tables} does not list",
            Reservation.ByDefault => $"looks like a table of Durable Functions. {HowToOpen} {Tables}",
            _ => null,
        };
        if (objection is not null)
            throw new JobRejectedException($"'{table}' {objection}.");
    }

    /// <summary>What is wrong with the settings; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var name in options.Containers)
        {
            if (ContainerRules.FaultOf(name) is { } fault)
                yield return $"{Containers}: '{name}' {fault}.";
            else if (reserved.OfContainer(name) == Reservation.Always)
                yield return $"{Containers}: '{name}' is a container of the pipeline itself or of its host, which jobs can't be given.";
        }

        foreach (var name in options.Tables)
        {
            if (TableName.FormFaultOf(name) is { } fault)
                yield return $"{Tables}: {fault}.";
            else if (reserved.OfTable(name) == Reservation.Always)
                yield return $"{Tables}: '{name}' is a table of the pipeline itself or of its host, which jobs can't be given.";
        }
    }
}
