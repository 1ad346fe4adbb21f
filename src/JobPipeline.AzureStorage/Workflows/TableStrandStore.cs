using Azure;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Workflows.Instances;

namespace JobPipeline.AzureStorage.Workflows;

/// <summary>
/// Stores the claims of strands as rows in the partition of their workflow instance, and requests in a column of its row, which no
/// other write changes.
/// </summary>
internal sealed class TableStrandStore(TableClient table) : IStrandStore
{
    private const string Requests = "Requests";

    public async Task<StrandClaim?> ReadAsync(string instance, string strand, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            instance, KeyOf(strand), cancellationToken: cancellationToken) is { HasValue: true, Value: { } entity }
            ? new StrandClaim(entity.GetGuid("ClaimId")!.Value, entity.GetDateTimeOffset("LeaseUntil")!.Value)
            {
                Answer = entity.GetBinary("Answer"), Version = entity.ETag.ToString(),
            }
            : null;

    public async Task<string?> TryWriteAsync(string instance, string strand, StrandClaim claim, CancellationToken cancellationToken)
    {
        var row = new TableEntity(instance, KeyOf(strand))
        {
            ["ClaimId"] = claim.ClaimId, ["LeaseUntil"] = claim.LeaseUntil, ["Answer"] = claim.Answer.ToArray(),
        };
        try
        {
            var written = claim.Version is { } version
                ? await table.UpdateEntityAsync(row, new ETag(version), TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(row, cancellationToken);
            return written.Headers.ETag.ToString();
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    public async Task NoteRequestAsync(
        string instance, string request, IReadOnlyCollection<string> known, CancellationToken cancellationToken)
    {
        while (await ReadRowAsync(instance, cancellationToken) is { } row)
        {
            var noted = string.Join(' ', StrandClaim.Note(RequestsOf(row), request, known));
            try
            {
                var change = new TableEntity(instance, WorkflowEntity.Row) { [Requests] = noted };
                await table.UpdateEntityAsync(change, row.ETag, TableUpdateMode.Merge, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 412)
            {
                // The row was written meanwhile.
            }
        }
    }

    public async Task<IReadOnlyList<string>> ReadRequestsAsync(string instance, CancellationToken cancellationToken) =>
        await ReadRowAsync(instance, cancellationToken) is { } row ? RequestsOf(row) : [];

    private async Task<TableEntity?> ReadRowAsync(string instance, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(
            instance, WorkflowEntity.Row, [Requests], cancellationToken) is { HasValue: true, Value: { } row }
            ? row
            : null;

    private static string[] RequestsOf(TableEntity row) => Column.Text(row, Requests)?.Split(' ') ?? [];

    private static string KeyOf(string strand) => $"strand!{strand}";
}
