using Microsoft.Extensions.Configuration;

namespace JobPipeline.Demo.Local;

/// <summary>The settings of a pipeline on this machine, read from the environment. Pure.</summary>
/// <param name="Url">The address of the API.</param>
/// <param name="Key">A key of its API, or null if none is set.</param>
/// <param name="Storage">The variable that configures a storage account, or null for Azurite on this machine.</param>
internal sealed record UpSettings(string Url, string? Key, string? Storage)
{
    private const string DefaultUrl = "http://127.0.0.1:7071";
    private const string Emulator = "UseDevelopmentStorage=true";

    /// <summary>The settings that configure a storage account, those of the pipeline first.</summary>
    private static readonly string[] OfPipeline =
    [
        "JobPipeline:Storage:ConnectionString",
        "AzureWebJobsStorage",
        "JobPipeline:Storage:AccountName",
        "AzureWebJobsStorage:accountName",
    ];

    /// <summary>The settings of the Functions host's own storage, which the pipeline's settings do not change.</summary>
    private static readonly string[] OfFunctionsHost =
        ["AzureWebJobsStorage", "AzureWebJobsStorage:accountName", "AzureWebJobsStorage:blobServiceUri"];

    public static UpSettings Of(IConfiguration environment, bool isFunctions = false) => new(
        Set(environment, "JobPipeline:Http:Url") ?? DefaultUrl,
        environment.GetSection("JobPipeline:Http:Keys").GetChildren().FirstOrDefault(key => !string.IsNullOrEmpty(key.Value))?.Value,
        Array.Find(
                isFunctions ? OfFunctionsHost : OfPipeline,
                name => Set(environment, name) is { } value && value.TrimEnd(';') != Emulator)
            ?.Replace(":", "__", StringComparison.Ordinal));

    private static string? Set(IConfiguration environment, string name) =>
        string.IsNullOrWhiteSpace(environment[name]) ? null : environment[name]!.Trim();
}
