using System.Net;
using JobPipeline.BuiltIn.Web.Connections;

namespace JobPipeline.BuiltIn.Web;

/// <summary>One request of an exchange; a redirect makes the next one of it.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Uri">Where to.</param>
/// <param name="Headers">Those of the payload and of the pipeline.</param>
/// <param name="Body">Null: none.</param>
/// <param name="Connection">Whose credentials go along; null: nobody's.</param>
internal sealed record HttpCall(HttpMethod Method, Uri Uri, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte>? Body, WebConnection? Connection)
{
    /// <summary>For people. A path or query may hold a secret, so it shows neither.</summary>
    public override string ToString() => $"{Method} {Uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}";

    /// <summary>A connection's headers outrank the payload's.</summary>
    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (Body is { } body)
            request.Content = new ReadOnlyMemoryContent(body);
        var own = Connection?.Headers ?? [];
        foreach (var (name, value) in Headers.Where(header => !own.Any(mine => mine.Key.Equals(header.Key, StringComparison.OrdinalIgnoreCase))).Concat(own))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
