using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>Takes a batch apart, into items that may each be anything.</summary>
internal static class BatchBody
{
    /// <summary>Most items of a batch.</summary>
    public const int MaxItems = 1000;

    /// <summary>Largest batch, in bytes: what a Functions host and a proxy let through by default.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>An item of the greatest depth, in an array.</summary>
    private const int MaxDepth = JobLimits.MaxDepth + 1;
    private const string LinesType = "application/x-ndjson";

    /// <summary>True: a line for each item. False: a JSON array. Null: neither.</summary>
    public static bool? IsLines(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals(LinesType, StringComparison.OrdinalIgnoreCase) ? true
        : request.HasJsonContentType() ? false
        : null;

    /// <summary>Null: what is wrong is told by <paramref name="fault"/>.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Split(ReadOnlyMemory<byte> body, bool isLines, out FieldFault fault)
    {
        fault = default;
        try
        {
            var items = isLines ? Lines(body) : Elements(body);
            if (items.Count is > 0 and <= MaxItems)
                return items;
            fault = new FieldFault("", items.Count == 0 ? "the batch is empty" : $"there are more than {MaxItems} items");
        }
        catch (JsonException e)
        {
            fault = new FieldFault("", $"the body must be a JSON array of jobs, or a job on each line as {LinesType}: {e.Message}");
        }

        return null;
    }

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        while (!body.IsEmpty && items.Count <= MaxItems)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = Utf8Mark.Trim(end < 0 ? body : body[..end]);
            body = end < 0 ? default : body[(end + 1)..];
            if (!line.IsEmpty)
                items.Add(line);
        }

        return items;
    }

    private static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> body)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("It is no array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && items.Count <= MaxItems)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(body[start..(int)reader.BytesConsumed]);
        }

        if (items.Count <= MaxItems && reader.Read())
            throw new JsonException("There is more behind the array.");
        return items;
    }
}
