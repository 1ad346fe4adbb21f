using System.Net;
using System.Text;
using JobPipeline.BuiltIn.Web.Outbound;

namespace JobPipeline.BuiltIn.Web.Connections;

/// <summary>A named connection with its credentials.</summary>
internal sealed class WebConnection
{
    private readonly Uri? _base;
    private readonly HostPattern[] _hosts;

    /// <param name="name">The name in payloads.</param>
    /// <param name="options">The validated options.</param>
    public WebConnection(string name, WebConnectionOptions options)
    {
        Name = name;
        _base = options.BaseAddress is { } address ? new Uri(address) : null;
        _hosts = [.. options.AllowedHosts.Select(HostPattern.Parse)];
        var headers = options.Headers.ToList();
        if (options is { User: { } user, Password: { } password })
            headers.Add(new("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}"));
        Headers = headers;
        Secrets = new SecretValues(headers.Select(header => header.Value).Append(options.Password));
    }

    public string Name { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public SecretValues Secrets { get; }

    public static bool IsBaseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && IsSafe(uri)
            && uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length == 0;

    /// <summary>Returns the address of a path below the base address, or null without one.</summary>
    public Uri? At(string path) => _base is null ? null : new Uri(_base.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);

    /// <summary>Whether the credentials may be sent to the address.</summary>
    public bool IsFor(Uri uri) => IsSafe(uri)
        && (_base is not null && IsSameOrigin(uri, _base)
            || uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort && Array.Exists(_hosts, host => host.Matches(uri)));

    public static bool IsSameOrigin(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && HostPattern.HostOf(a) == HostPattern.HostOf(b);

    /// <summary>Whether http is safe because the request stays on this machine. The name localhost is never resolved.</summary>
    private static bool IsSafe(Uri uri) => uri.Scheme == Uri.UriSchemeHttps
        || uri.Scheme == Uri.UriSchemeHttp
            && (uri.IdnHost == "localhost" || IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address));
}
