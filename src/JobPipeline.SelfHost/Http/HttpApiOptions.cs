using System.ComponentModel.DataAnnotations;

namespace JobPipeline.SelfHost.Http;

/// <summary>Settings of the self-host's HTTP API, in the configuration section <c>JobPipeline:Http</c>.</summary>
public sealed class HttpApiOptions
{
    public const string Section = "JobPipeline:Http";

    /// <summary>The minimum length of a key in characters.</summary>
    public const int MinKeyLength = 16;

    /// <summary>
    /// Gets or sets the address to listen on. The default is <c>http://127.0.0.1:7071</c>. Without keys, it must be a loopback
    /// address.
    /// </summary>
    [Required]
    public string Url { get; set; } = "http://127.0.0.1:7071";

    /// <summary>
    /// Gets or sets the keys by name. A caller sends one in the header <c>x-functions-key</c> or the query parameter <c>code</c>,
    /// as with a Functions app. Each must have at least 16 characters. The default is none, which opens the API to this machine
    /// only.
    /// </summary>
    public Dictionary<string, string> Keys { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}
