using System.Buffers;
using JobPipeline.Jobs.Wire;
using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http.Requests;

/// <summary>Reads a request body up to a maximum size. A leading byte order mark is skipped, as on queues.</summary>
internal static class BoundedBody
{
    /// <summary>Reads the body, or returns null if it is larger than <paramref name="limit"/> bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return null;
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                ReadOnlyMemory<byte> body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body.Span.StartsWith("\uFEFF"u8) ? Utf8Mark.Trim(body) : body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
