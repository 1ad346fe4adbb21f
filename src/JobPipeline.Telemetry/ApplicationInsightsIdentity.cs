using Azure.Core;
using Azure.Identity;

namespace JobPipeline.Telemetry;

/// <summary>
/// The identity that sends telemetry, from a setting that the Functions host also reads:
/// <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>, such as <c>Authorization=AAD;ClientId=...</c>.
/// </summary>
internal static class ApplicationInsightsIdentity
{
    public const string Setting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Gets the validation error of the setting, or null.</summary>
    public static string? ErrorOf(string? setting) =>
        string.IsNullOrWhiteSpace(setting)
        || Parts(setting).GetValueOrDefault("Authorization")?.Equals("AAD", StringComparison.OrdinalIgnoreCase) is true
            ? null
            : $"{Setting} must be 'Authorization=AAD', with ';ClientId=...' for a user-assigned identity.";

    /// <summary>Creates the credential; null if the connection string alone is sufficient.</summary>
    /// <param name="setting">A valid setting.</param>
    public static TokenCredential? Of(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        return Parts(setting).TryGetValue("ClientId", out var client)
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
            : new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned);
    }

    /// <summary>Splits the setting into its parts; the last of duplicate parts wins.</summary>
    private static Dictionary<string, string> Parts(string setting) => setting
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2))
        .Where(part => part.Length == 2)
        .GroupBy(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase)
        .ToDictionary(part => part.Key, part => part.Last(), StringComparer.OrdinalIgnoreCase);
}
