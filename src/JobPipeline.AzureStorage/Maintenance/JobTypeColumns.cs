using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.Instances;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.AzureStorage.Maintenance;

/// <summary>
/// Stores the job types of an instance within the limits of a row: as text if it fits a string column, else compressed in
/// binary columns. Beyond a few tens of thousands of types nothing is written, which reads as "not listed".
/// </summary>
internal static class JobTypeColumns
{
    private const string Text = "JobTypes";
    private const string Packed = "JobTypesPacked";

    /// <summary>The maximum length of the text in UTF-16 units; a string column holds 32 Ki of them.</summary>
    private const int MaxText = 30_000;

    /// <summary>The maximum size of a binary column, 64 KiB.</summary>
    private const int ColumnBytes = 60_000;

    /// <summary>The maximum number of columns: a row holds 1 MiB, and the other columns need room.</summary>
    private const int MaxColumns = 10;

    public static void Write(TableEntity row, IReadOnlyList<KnownJobType>? types)
    {
        if (types is null)
            return;
        var json = JsonSerializer.Serialize(types, JobJson.Options);
        if (json.Length <= MaxText)
        {
            row[Text] = json;
            return;
        }

        var chunks = Compress(Encoding.UTF8.GetBytes(json)).Chunk(ColumnBytes).ToList();
        if (chunks.Count > MaxColumns)
            return;
        for (var i = 0; i < chunks.Count; i++)
            row[$"{Packed}{i}"] = chunks[i];
    }

    /// <summary>Returns null when the row lists no types, like rows of older releases.</summary>
    public static IReadOnlyList<KnownJobType>? Read(TableEntity row)
    {
        if (row.GetString(Text) is { } json)
            return JsonSerializer.Deserialize<KnownJobType[]>(json, JobJson.Options);
        var packed = Enumerable.Range(0, MaxColumns).Select(i => row.GetBinary($"{Packed}{i}")).TakeWhile(chunk => chunk is not null);
        var bytes = packed.SelectMany(chunk => chunk!).ToArray();
        return bytes.Length == 0 ? null : JsonSerializer.Deserialize<KnownJobType[]>(Decompress(bytes), JobJson.Options);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, CompressionLevel.Optimal))
            brotli.Write(bytes);
        return output.ToArray();
    }

    private static byte[] Decompress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress))
            brotli.CopyTo(output);
        return output.ToArray();
    }
}
