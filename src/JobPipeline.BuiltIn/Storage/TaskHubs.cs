using Microsoft.Extensions.Configuration;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>The task hubs of Durable Functions, whose names are prefixes of their tables and containers.</summary>
internal static class TaskHubs
{
    private const string Setting = "AzureFunctionsJobHost:extensions:durableTask:hubName";
    private const string SiteName = "WEBSITE_SITE_NAME";

    /// <summary>Gets the task hub of this product's host.json and the defaults of the extension outside of Azure.</summary>
    public static IReadOnlyList<string> WellKnown { get; } = ["JobPipeline", "TestHubName", "DurableFunctionsHub"];

    /// <summary>
    /// Returns the well-known task hubs, the one set in the app settings, and the one that the extension derives from the name of the site.
    /// </summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration) =>
        [.. WellKnown.Append(configuration[Setting]).Append(OfSite(configuration[SiteName])).OfType<string>().Where(hub => hub.Length > 0)];

    private static string? OfSite(string? site) => site is null ? null : string.Concat(site.Where(char.IsAsciiLetterOrDigit));
}
