using Azure.Data.Tables;
using CsvHelper;

namespace JobPipeline.BuiltIn.Tests;

/// <summary>Reads back the results of an import.</summary>
internal static class ImportedTable
{
    public static async Task<List<TableEntity>> RowsAsync(this BuiltInStorage storage, string table, CancellationToken cancellationToken) =>
        await storage.Tables.GetTableClient(table)
            .QueryAsync<TableEntity>(cancellationToken: cancellationToken)
            .ToListAsync(cancellationToken);

    /// <summary>Returns every row as text, without the properties that differ between jobs.</summary>
    public static async Task<List<string>> ShownRowsAsync(this BuiltInStorage storage, string table, CancellationToken cancellationToken) =>
        (await storage.RowsAsync(table, cancellationToken)).ConvertAll(row =>
            string.Join(
                '|',
                row.Where(cell => cell.Key is not ("odata.etag" or "Timestamp" or "ImportJob"))
                    .OrderBy(cell => cell.Key, StringComparer.Ordinal)
                    .Select(cell => $"{cell.Key}={cell.Value}")));

    /// <summary>Returns the reject blob, read by CsvHelper.</summary>
    public static async Task<List<RejectedRow>> RejectsAsync(this BuiltInStorage storage, string blob, CancellationToken cancellationToken)
    {
        var slash = blob.IndexOf('/', StringComparison.Ordinal);
        var client = storage.Blobs.GetBlobContainerClient(blob[..slash]).GetBlobClient(blob[(slash + 1)..]);
        var content = (await client.DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
        using var reader = CsvReader.Create(
            content,
            new CsvReaderOptions
            {
                Separator = ',',
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Throw,
            });
        var rows = new List<RejectedRow>();
        while (reader.Read())
            rows.Add(new RejectedRow(reader.Parse<long>("line"), reader.GetString("reason"), reader.GetString("text")));
        return rows;
    }
}

internal sealed record RejectedRow(long Line, string Reason, string Text);
