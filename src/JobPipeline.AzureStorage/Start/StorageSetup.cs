using Azure;
using Azure.Data.Tables;
using JobPipeline.Configuration;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Makes what is missing in the account, and keeps two kinds of host from serving the same one.</summary>
public sealed class StorageSetup
{
    private const string Partition = "pipeline";
    private const string HostRow = "host-kind";

    private readonly StorageClients _clients;
    private readonly StorageWait? _wait;

    internal StorageSetup(StorageClients clients, StorageWait? wait = null) => (_clients, _wait) = (clients, wait);

    /// <summary>Creates queues, tables and containers where they are missing, and records the kind of host at the first start.</summary>
    /// <param name="hostKind">Such as <c>self-host</c> or <c>functions</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <remarks>It waits for a storage that does not answer, for as long as <see cref="AzureStorageOptions.StartTimeout"/> says.</remarks>
    /// <exception cref="InvalidOperationException">Another kind of host is on record for this account.</exception>
    /// <exception cref="Exception">The storage can't be used; <see cref="StartUpError.Of"/> explains why.</exception>
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

    /// <summary>The service's own clock. Throws what the storage throws when it can't be reached.</summary>
    public async Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken)
    {
        var answer = await _clients.Table(StorageNames.Settings).GetEntityIfExistsAsync<TableEntity>(Partition, HostRow, cancellationToken: cancellationToken);
        return answer.GetRawResponse().Headers.Date;
    }

    private async Task ClaimForAsync(string hostKind, CancellationToken cancellationToken)
    {
        var settings = _clients.Table(StorageNames.Settings);
        try
        {
            await settings.AddEntityAsync(new TableEntity(Partition, HostRow) { ["Kind"] = hostKind }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            var recorded = (await settings.GetEntityAsync<TableEntity>(Partition, HostRow, cancellationToken: cancellationToken)).Value.GetString("Kind");
            if (recorded != hostKind)
            {
                throw new InvalidOperationException(
                    $"This storage account is served by a {recorded} host and can't be served by a {hostKind} host as well. Use another account, or, when no {recorded} host is running any more, delete the row {Partition}/{HostRow} of the table {settings.Name}.",
                    e);
            }
        }
    }
}
