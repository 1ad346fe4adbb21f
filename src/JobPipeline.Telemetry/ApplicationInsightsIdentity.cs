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

    /// <summary>What is wrong with it; null: nothing.</summary>
    public static string? FaultOf(string? setting) =>
        string.IsNullOrWhiteSpace(setting) || Parts(setting).GetValueOrDefault("Authorization")?.Equals("AAD", StringComparison.OrdinalIgnoreCase) is true
            ? null
            : $"{Setting} must be 'Authorization=AAD', with ';ClientId=...' for a user-assigned identity.";

    /// <summary>Null: by the connection string alone.</summary>
    /// <param name="setting">One without a fault.</param>
    public static TokenCredential? Of(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
            return null;
        return Parts(setting).TryGetValue("ClientId", out var client)
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
            : new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned);
    }

    /// <summary>Of a part that is there twice the last one counts.</summary>
    private static Dictionary<string, string> Parts(string setting) => setting
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2))
        .Where(part => part.Length == 2)
        .GroupBy(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase)
        .ToDictionary(part => part.Key, part => part.Last(), StringComparer.OrdinalIgnoreCase);
}
