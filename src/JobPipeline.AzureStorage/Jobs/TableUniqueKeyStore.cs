using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>Stores unique keys in a table, distributed by the hash of job type and key.</summary>
internal sealed class TableUniqueKeyStore(TableClient table) : IUniqueKeyStore
{
    public async Task<bool> TryPutAsync(UniqueKey key, CancellationToken cancellationToken)
    {
        var (partition, row) = Place(key.Type, key.Key);
        var entity = new TableEntity(partition, row)
        {
            ["Type"] = key.Type,
            ["Key"] = key.Key,
            ["Holder"] = key.Holder.ToString(),
            ["Queue"] = key.Queue,
            ["Envelope"] = key.Envelope.ToArray(),
            ["ExpiresAt"] = key.ExpiresAt,
        };
        try
        {
            if (key.Version is null)
                await table.AddEntityAsync(entity, cancellationToken);
            else
                await table.UpdateEntityAsync(entity, new ETag(key.Version), TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound))
        {
            return false;
        }
    }

    public async Task<UniqueKey?> ReadAsync(string type, string key, CancellationToken cancellationToken)
    {
        var (partition, row) = Place(type, key);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } entity }
            ? new UniqueKey(
                type,
                key,
                JobId.Parse(entity.GetString("Holder")),
                entity.GetString("Queue"),
                entity.GetBinary("Envelope"),
                entity.GetDateTimeOffset("ExpiresAt")!.Value)
            {
                Version = entity.ETag.ToString(),
            }
            : null;
    }

    private static (string Partition, string Row) Place(string type, string key)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\n{key}")));
        return (hash[..2], hash);
    }
}
