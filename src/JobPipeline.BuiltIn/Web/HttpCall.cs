using System.Net;
using JobPipeline.BuiltIn.Web.Connections;

namespace JobPipeline.BuiltIn.Web;

/// <summary>One request of an exchange; a redirect derives the next one from it.</summary>
/// <param name="Method">The method, in upper case.</param>
/// <param name="Uri">The address.</param>
/// <param name="Headers">The headers of the payload and of the pipeline.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="Connection">The connection whose credentials are sent, or null.</param>
internal sealed record HttpCall(
    HttpMethod Method, Uri Uri, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte>? Body, WebConnection? Connection)
{
    /// <summary>Returns the method and host for messages. The path and query are omitted, because they may contain a secret.</summary>
    public override string ToString() => $"{Method} {Uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}";

    /// <summary>Creates the message. A connection's headers override the payload's.</summary>
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Uri)
        {
            Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (Body is { } body)
            request.Content = new ReadOnlyMemoryContent(body);
        var own = Connection?.Headers ?? [];
        foreach (var (name, value) in Headers.Where(
            header => !own.Any(mine => mine.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase))).Concat(own))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
