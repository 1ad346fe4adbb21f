using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Decides whether payloads may use a name in this installation.</summary>
internal sealed class StorageAccess(ReservedNames reserved, StorageAccessOptions options)
{
    private const string Containers = $"{StorageAccessOptions.Section}:{nameof(StorageAccessOptions.Containers)}";
    private const string Tables = $"{StorageAccessOptions.Section}:{nameof(StorageAccessOptions.Tables)}";

    private const string HowToOpen = "To use it, list it and all others that jobs use in";

    /// <exception cref="JobRejectedException">Payloads may not use the container.</exception>
    public void Check(BlobAddress address)
    {
        var isListed = options.Containers.Contains(address.Container, StringComparer.Ordinal);
        var reason = reserved.OfContainer(address.Container) switch
        {
            Reservation.Always => ReservedNames.ContainerRefusal,
            _ when isListed => null,
            _ when options.Containers.Count > 0 => $"is in a container that {Containers} does not list",
            Reservation.ByDefault => $"is in what looks like a container of Durable Functions. {HowToOpen} {Containers}",
            _ => null,
        };
        if (reason is not null)
            throw new JobRejectedException($"'{address}' {reason}.");
    }

    /// <exception cref="JobRejectedException">Payloads may not use the table.</exception>
    public void Check(TableName table)
    {
        var isListed = options.Tables.Contains(table.Value, StringComparer.OrdinalIgnoreCase);
        var reason = reserved.OfTable(table.Value) switch
        {
            Reservation.Always => ReservedNames.TableRefusal,
            _ when isListed => null,
            _ when options.Tables.Count > 0 => $"is a table that {Tables} does not list",
            Reservation.ByDefault => $"looks like a table of Durable Functions. {HowToOpen} {Tables}",
            _ => null,
        };
        if (reason is not null)
            throw new JobRejectedException($"'{table}' {reason}.");
    }

    /// <summary>Returns the validation errors of the settings.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var name in options.Containers)
        {
            if (ContainerRules.ErrorOf(name) is { } error)
                yield return $"{Containers}: '{name}' {error}.";
            else if (reserved.OfContainer(name) == Reservation.Always)
                yield return $"{Containers}: '{name}' is a container of the pipeline itself or of its host, which jobs may not use.";
        }

        foreach (var name in options.Tables)
        {
            if (TableName.FormErrorOf(name) is { } error)
                yield return $"{Tables}: {error}.";
            else if (reserved.OfTable(name) == Reservation.Always)
                yield return $"{Tables}: '{name}' is a table of the pipeline itself or of its host, which jobs may not use.";
        }
    }
}
