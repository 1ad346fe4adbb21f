using System.ComponentModel.DataAnnotations;

namespace JobPipeline.SelfHost.Http;

/// <summary>Settings of the self-host's HTTP API: configuration section <c>JobPipeline:Http</c>.</summary>
public sealed class HttpApiOptions
{
    public const string Section = "JobPipeline:Http";

    /// <summary>Shortest key that is accepted, in characters.</summary>
    public const int MinKeyLength = 16;

    /// <summary>Where to listen. Default <c>http://127.0.0.1:7071</c>. Without keys only loopback addresses are accepted.</summary>
    [Required]
    public string Url { get; set; } = "http://127.0.0.1:7071";

    /// <summary>
    /// Keys by name; a caller sends one as header <c>x-functions-key</c> or query <c>code</c>, as to a Functions app. At least
    /// 16 characters each. Default none: the API is then open to this machine alone.
    /// </summary>
    public Dictionary<string, string> Keys { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}
