using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Jobs;

/// <summary>Splits the body of a batch into items without interpreting them.</summary>
internal static class BatchBody
{
    /// <summary>The maximum number of items in a batch.</summary>
    public const int MaxItems = 1000;

    /// <summary>The maximum size of a batch in bytes, small enough for the default limits of a Functions host and of proxies.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The maximum JSON depth: that of an item, plus the array around it.</summary>
    private const int MaxDepth = JobLimits.MaxDepth + 1;
    private const string LinesType = "application/x-ndjson";

    /// <summary>Gets whether the body has one item per line (true) or is a JSON array (false); null if the media type is neither.</summary>
    public static bool? IsLines(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals(LinesType, StringComparison.OrdinalIgnoreCase) ? true
        : request.HasJsonContentType() ? false
        : null;

    /// <summary>Splits the body into items. Returns null and sets <paramref name="error"/> if that is not possible.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Split(ReadOnlyMemory<byte> body, bool isLines, out ValidationError error)
    {
        error = default;
        try
        {
            var items = isLines ? Lines(body) : Elements(body);
            if (items.Count is > 0 and <= MaxItems)
                return items;
            error = new ValidationError("", items.Count == 0 ? "the batch is empty" : $"the batch has more than {MaxItems} items");
        }
        catch (JsonException e)
        {
            error = new ValidationError("", $"the body must be a JSON array of jobs, or {LinesType} with one job per line: {e.Message}");
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
            throw new JsonException("The body is not an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && items.Count <= MaxItems)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(body[start..(int)reader.BytesConsumed]);
        }

        if (items.Count <= MaxItems && reader.Read())
            throw new JsonException("The body continues after the end of the array.");
        return items;
    }
}
