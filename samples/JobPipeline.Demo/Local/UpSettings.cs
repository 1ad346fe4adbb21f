using Microsoft.Extensions.Configuration;

namespace JobPipeline.Demo.Local;

/// <summary>What the environment says of a pipeline on this machine. Pure.</summary>
/// <param name="Url">Where the API shall listen.</param>
/// <param name="Key">A key of its API; null where none is set.</param>
/// <param name="Storage">The variable that names a storage of the user's own; null: an Azurite of this machine.</param>
internal sealed record UpSettings(string Url, string? Key, string? Storage)
{
    private const string DefaultUrl = "http://127.0.0.1:7071";
    private const string Emulator = "UseDevelopmentStorage=true";

    /// <summary>The settings that name a storage account, those of the pipeline first.</summary>
    private static readonly string[] OfPipeline =
    [
        "JobPipeline:Storage:ConnectionString",
        "AzureWebJobsStorage",
        "JobPipeline:Storage:AccountName",
        "AzureWebJobsStorage:accountName",
    ];

    /// <summary>The Functions host has a storage of its own, which the pipeline's settings do not change.</summary>
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
