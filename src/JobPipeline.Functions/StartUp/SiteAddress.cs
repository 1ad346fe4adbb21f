using Microsoft.Extensions.Configuration;

namespace JobPipeline.Functions.StartUp;

/// <summary>Where a Functions app is reached. The platform says so in a setting of its own, which no caller can forge.</summary>
internal static class SiteAddress
{
    private const string HostName = "WEBSITE_HOSTNAME";

    /// <summary>What is configured, else the platform's name for the app; null where there is neither.</summary>
    public static string? Of(IConfiguration configuration, string? configured)
    {
        if (!string.IsNullOrWhiteSpace(configured) || configuration[HostName] is not { Length: > 0 } host)
            return configured;
        // Core Tools set it as well, to where they listen.
        var isLocal = host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.0.0.1", StringComparison.Ordinal);
        return $"{(isLocal ? "http" : "https")}://{host}";
    }
}
