namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>
/// A host, or with a leading <c>*.</c> every name below one; compared in ASCII form, ignoring case and a trailing dot.
/// </summary>
internal readonly record struct HostPattern(string Name, bool IsSuffix)
{
    private const string Wildcard = "*.";

    public static bool TryParse(string text, out HostPattern pattern)
    {
        var isSuffix = text.StartsWith(Wildcard, StringComparison.Ordinal);
        var name = isSuffix ? text[Wildcard.Length..] : text;
        // Normalized by Uri, like the host of a request, so that both are read in the same way.
        var isHost = Uri.CheckHostName(name) is not UriHostNameType.Unknown
            && Uri.TryCreate($"http://{Bracketed(name)}/", UriKind.Absolute, out var uri)
            && uri.IsDefaultPort;
        pattern = isHost ? new HostPattern(HostOf(new Uri($"http://{Bracketed(name)}/")), isSuffix) : default;
        return isHost && !(isSuffix && Uri.CheckHostName(name) is not UriHostNameType.Dns);
    }

    /// <exception cref="FormatException">The text is not a host pattern.</exception>
    public static HostPattern Parse(string text) =>
        TryParse(text, out var pattern) ? pattern : throw new FormatException($"'{text}' is not a host.");

    public bool Matches(Uri uri)
    {
        var host = HostOf(uri);
        return IsSuffix
            ? host.Length > Name.Length + 1 && host[^(Name.Length + 1)] == '.' && host.EndsWith(Name, StringComparison.Ordinal)
            : host == Name;
    }

    /// <summary>Returns the host in the form in which it is compared.</summary>
    public static string HostOf(Uri uri) => uri.IdnHost.TrimEnd('.').ToLowerInvariant();

    private static string Bracketed(string name) => Uri.CheckHostName(name) == UriHostNameType.IPv6 && name[0] != '[' ? $"[{name}]" : name;
}
