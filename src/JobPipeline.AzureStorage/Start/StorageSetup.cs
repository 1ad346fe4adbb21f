using Azure;
using Azure.Data.Tables;
using JobPipeline.Configuration;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Creates missing resources in the account, and prevents two kinds of host from serving the same account.</summary>
public sealed class StorageSetup
{
    private const string Partition = "pipeline";
    private const string HostRow = "host-kind";

    private readonly StorageClients _clients;
    private readonly StorageWait? _wait;

    internal StorageSetup(StorageClients clients, StorageWait? wait = null) => (_clients, _wait) = (clients, wait);

    /// <summary>Creates missing queues, tables and containers, and records the kind of host at the first start.</summary>
    /// <param name="hostKind">The kind of host, such as <c>self-host</c> or <c>functions</c>.</param>
    /// <param name="cancellationToken">The token to cancel the setup.</param>
    /// <remarks>Waits up to <see cref="AzureStorageOptions.StartTimeout"/> for storage that does not respond.</remarks>
    /// <exception cref="InvalidOperationException">The account is recorded as served by another kind of host.</exception>
    /// <exception cref="Exception">The storage account can't be used; <see cref="StartUpError.Of"/> explains why.</exception>
    public async Task EnsureAsync(string hostKind, CancellationToken cancellationToken)
    {
        if (_wait is not null)
            await _wait.UntilItAnswersAsync(cancellationToken);
        await Task.WhenAll(
        [
            .. StorageNames.Queues.Select(queue => _clients.Queue(queue).CreateIfNotExistsAsync(cancellationToken: cancellationToken)),
            .. StorageNames.Tables.Select(table => _clients.Table(table).CreateIfNotExistsAsync(cancellationToken)),
            .. StorageNames.Containers.Select(container =>
                _clients.Container(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken)),
        ]);
        await ClaimForAsync(hostKind, cancellationToken);
    }

    /// <summary>Reads the clock of the storage service. Throws the client's exception when storage is unreachable.</summary>
    public async Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken)
    {
        var answer = await _clients.Table(StorageNames.Settings).GetEntityIfExistsAsync<TableEntity>(
            Partition, HostRow, cancellationToken: cancellationToken);
        return answer.GetRawResponse().Headers.Date;
    }

    private async Task ClaimForAsync(string hostKind, CancellationToken cancellationToken)
    {
        var settings = _clients.Table(StorageNames.Settings);
        // Read first: at every start but the first the row exists.
        var row = await settings.GetEntityIfExistsAsync<TableEntity>(Partition, HostRow, cancellationToken: cancellationToken);
        if (!row.HasValue && await TryRecordAsync(settings, hostKind, cancellationToken))
            return;
        var recorded = (row.HasValue ? row : await settings.GetEntityAsync<TableEntity>(
            Partition, HostRow, cancellationToken: cancellationToken)).Value!.GetString("Kind");
        if (recorded != hostKind)
        {
            throw new InvalidOperationException(
                $"This storage account is served by a {recorded} host and can't also be served by a {hostKind} host. "
                    + $"Use another account or, if no {recorded} host is running anymore, delete the row "
                    + $"{Partition}/{HostRow} of the table {settings.Name}.");
        }
    }

    /// <summary>Records the kind of host; returns false if another instance was first.</summary>
    private static async Task<bool> TryRecordAsync(TableClient settings, string hostKind, CancellationToken cancellationToken)
    {
        try
        {
            await settings.AddEntityAsync(new TableEntity(Partition, HostRow) { ["Kind"] = hostKind }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }
}
