using System.ComponentModel.DataAnnotations;
using System.Net;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>What jobs may call, and how much of an answer they take: section <c>JobPipeline:BuiltIn:Outbound</c>.</summary>
public sealed class OutboundOptions : IValidatableObject
{
    public const string Section = $"{BuiltInOptions.Section}:Outbound";

    /// <summary>Larger bodies are too much for a record and for the memory of a host that runs many jobs.</summary>
    public const int LargestResponseBytes = 16 * 1024 * 1024;

    // The largest private networks, 10.0.0.0/8 and fc00::/7: whatever is wider opens more than anyone means to.
    private const int ShortestPrefix4 = 8;
    private const int ShortestPrefix6 = 7;

    /// <summary>
    /// The only hosts that jobs may call: <c>api.example.com</c>, or <c>*.example.com</c> for every name below it. A host in
    /// this list still has to have a public address, or one of <see cref="AllowedNetworks"/>. Default none: every host.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>
    /// Networks in CIDR form that jobs may call on purpose although they are not public, such as <c>10.1.0.0/16</c> or, for
    /// this machine, <c>127.0.0.0/8</c>. Default none.
    /// </summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Ports that jobs may call: <c>8443</c>, or <c>8000-8999</c>. Default none: 80 and 443.</summary>
    public IReadOnlyList<string> AllowedPorts { get; set; } = [];

    /// <summary>Largest body of an answer, in bytes; a payload may ask for less. Default 1 MiB, at most 16 MiB.</summary>
    [Range(0, LargestResponseBytes)]
    public int MaxResponseBytes { get; set; } = 1024 * 1024;

    /// <summary>Redirects followed in one request. Default 5.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Longest time that a peer's <c>Retry-After</c> defers a job for. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. from host in AllowedHosts
           where !HostPattern.TryParse(host, out _)
           select new ValidationResult($"'{host}' is neither a host, such as \"api.example.com\", nor \"*.example.com\"; no port and no scheme.", [nameof(AllowedHosts)]),
        .. from network in AllowedNetworks
           where !IPNetwork.TryParse(network, out var parsed) || parsed.PrefixLength < ShortestPrefixOf(parsed)
           select new ValidationResult(
               $"'{network}' is no network, such as \"10.1.0.0/16\", with a prefix of at least {ShortestPrefix4} (IPv4) or {ShortestPrefix6} (IPv6).",
               [nameof(AllowedNetworks)]),
        .. from port in AllowedPorts
           where !PortRange.TryParse(port, out _)
           select new ValidationResult($"'{port}' is neither a port nor a range of ports, such as \"8000-8999\".", [nameof(AllowedPorts)]),
    ];

    private static int ShortestPrefixOf(IPNetwork network) =>
        network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? ShortestPrefix4 : ShortestPrefix6;
}
