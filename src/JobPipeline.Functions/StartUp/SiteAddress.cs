using Microsoft.Extensions.Configuration;

namespace JobPipeline.Functions.StartUp;

/// <summary>Where a Functions app is reached. The platform says so in a setting of its own, which no caller can forge.</summary>
internal static class SiteAddress
{
    private const string HostName = "WEBSITE_HOSTNAME";

    /// <summary>
    /// True: App Service's front end stands before the host. Core Tools and container images set the name as well, to that of
    /// this machine.
    /// </summary>
    public static bool IsOnAppService(IConfiguration configuration) => configuration[HostName] is { Length: > 0 } host && !IsLocal(host);

    /// <summary>What is configured, else the platform's name for the app; null where there is neither.</summary>
    public static string? Of(IConfiguration configuration, string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured) || configuration[HostName] is not { Length: > 0 } host)
            return configured;
        return $"{(IsLocal(host) ? "http" : "https")}://{host}";
    }

    private static bool IsLocal(string host) =>
        host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.0.0.1", StringComparison.Ordinal);
}
