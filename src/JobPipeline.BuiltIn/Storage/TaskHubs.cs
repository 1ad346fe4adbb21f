using Microsoft.Extensions.Configuration;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Task hubs of Durable Functions, whose names begin the names of their tables and containers.</summary>
internal static class TaskHubs
{
    private const string Setting = "AzureFunctionsJobHost:extensions:durableTask:hubName";
    private const string SiteName = "WEBSITE_SITE_NAME";

    /// <summary>Gets the hub of this product's host.json, and the defaults of the extension without a site.</summary>
    public static IReadOnlyList<string> WellKnown { get; } = ["JobPipeline", "TestHubName", "DurableFunctionsHub"];

    /// <summary>With the hub that app settings name, and the one that the extension derives from the name of the site.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration) =>
        [.. WellKnown.Append(configuration[Setting]).Append(OfSite(configuration[SiteName])).OfType<string>().Where(hub => hub.Length > 0)];

    private static string? OfSite(string? site) => site is null ? null : string.Concat(site.Where(char.IsAsciiLetterOrDigit));
}
