using System.ComponentModel.DataAnnotations;
using System.Net;

namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// Which addresses jobs may call, and the limits on responses: configuration section <c>JobPipeline:BuiltIn:Outbound</c>.
/// </summary>
public sealed class OutboundOptions : IValidatableObject
{
    public const string Section = $"{BuiltInOptions.Section}:Outbound";

    /// <summary>
    /// The maximum of <see cref="MaxResponseBytes"/>: larger bodies do not fit a record and the memory of a host with many
    /// jobs.
    /// </summary>
    public const int LargestResponseBytes = 16 * 1024 * 1024;

    // The largest private networks are 10.0.0.0/8 and fc00::/7; a wider range is most likely a mistake.
    private const int ShortestPrefix4 = 8;
    private const int ShortestPrefix6 = 7;

    /// <summary>
    /// Gets or sets the only hosts that jobs may call: <c>api.example.com</c>, or <c>*.example.com</c> for every name below it. A host
    /// in this list must still have a public address, or one of <see cref="AllowedNetworks"/>. The default is an empty list, which
    /// allows every host.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];

    /// <summary>
    /// Gets or sets the networks, in CIDR notation, that jobs may call although they are not public, such as <c>10.1.0.0/16</c> or, for
    /// this machine, <c>127.0.0.0/8</c>. The default is none.
    /// </summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>
    /// Gets or sets the ports that jobs may call, such as <c>8443</c> or <c>8000-8999</c>. The default is an empty list,
    /// which allows 80 and 443.
    /// </summary>
    public IReadOnlyList<string> AllowedPorts { get; set; } = [];

    /// <summary>
    /// Gets or sets the maximum size of a response body, in bytes; a payload may set less. The default is 1 MiB, the maximum
    /// 16 MiB.
    /// </summary>
    [Range(0, LargestResponseBytes)]
    public int MaxResponseBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets the maximum number of redirects of a request. The default is 5.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Gets or sets the longest time for which a peer's <c>Retry-After</c> defers a job. The default is 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. from host in AllowedHosts
           where !HostPattern.TryParse(host, out _)
           select new ValidationResult(
               $"'{host}' must be a host such as \"api.example.com\" or \"*.example.com\", without scheme and port.",
               [nameof(AllowedHosts)]),
        .. from network in AllowedNetworks
           where !IPNetwork.TryParse(network, out var parsed) || parsed.PrefixLength < ShortestPrefixOf(parsed)
           select new ValidationResult(
               $"'{network}' must be a network such as \"10.1.0.0/16\", with a prefix of at least {ShortestPrefix4} (IPv4) "
                   + $"or {ShortestPrefix6} (IPv6).",
               [nameof(AllowedNetworks)]),
        .. from port in AllowedPorts
           where !PortRange.TryParse(port, out _)
           select new ValidationResult(
               $"'{port}' must be a port or a range of ports such as \"8000-8999\".", [nameof(AllowedPorts)]),
    ];

    private static int ShortestPrefixOf(IPNetwork network) =>
        network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? ShortestPrefix4 : ShortestPrefix6;
}
