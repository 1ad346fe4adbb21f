using Microsoft.Extensions.Configuration;

namespace JobPipeline.Functions.StartUp;

/// <summary>The address of a Functions app. The platform provides it in a setting, which callers can't forge.</summary>
internal static class SiteAddress
{
    private const string HostName = "WEBSITE_HOSTNAME";

    /// <summary>
    /// Whether App Service's front end is in front of the host. Core Tools and container images also set the host name, to that of
    /// this machine.
    /// </summary>
    public static bool IsOnAppService(IConfiguration configuration) => configuration[HostName] is { Length: > 0 } host && !IsLocal(host);

    /// <summary>Gets the configured address, else the platform's host name for the app, else null.</summary>
    public static string? Of(IConfiguration configuration, string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured) || configuration[HostName] is not { Length: > 0 } host)
            return configured;
        return $"{(IsLocal(host) ? "http" : "https")}://{host}";
    }

    private static bool IsLocal(string host) =>
        host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.0.0.1", StringComparison.Ordinal);
}
