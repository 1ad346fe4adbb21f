using Azure.Core;
using Azure.Identity;

namespace JobPipeline.Telemetry;

/// <summary>
/// By whom telemetry is sent, from the setting that the Functions host reads as well:
/// <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>, such as <c>Authorization=AAD;ClientId=...</c>.
/// </summary>
internal static class ApplicationInsightsIdentity
{
    public const string Setting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Null: by the connection string alone.</summary>
    /// <exception cref="FormatException">It says something else.</exception>
    public static TokenCredential? Of(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        var parts = setting.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (!parts.TryGetValue("Authorization", out var kind) || !kind.Equals("AAD", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"{Setting} must be 'Authorization=AAD', with ';ClientId=...' for a user-assigned identity.");
        return parts.TryGetValue("ClientId", out var client)
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
            : new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned);
    }
}
