using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage.Start;

/// <summary>The storage account and the setting that configures it.</summary>
/// <param name="Setting">The full name of the setting.</param>
/// <param name="ConnectionString">The connection string; null for authentication by identity.</param>
/// <param name="Name">The name of the account; null for a connection string.</param>
/// <param name="ClientId">The client id of the user-assigned identity; null for the default identity.</param>
internal sealed record StorageAccount(string Setting, string? ConnectionString, string? Name, string? ClientId)
{
    private const string Shared = "AzureWebJobsStorage";

    /// <summary>
    /// Reads the account from the configuration. Returns null when none is configured; a blank setting counts as missing, as
    /// in sample files.
    /// </summary>
    public static StorageAccount? Of(AzureStorageOptions options, IConfiguration configuration)
    {
        if (IsSet(options.ConnectionString))
            return new StorageAccount(
                $"{AzureStorageOptions.Section}:{nameof(options.ConnectionString)}", options.ConnectionString, Name: null, ClientId: null);
        if (IsSet(configuration[Shared]))
            return new StorageAccount(Shared, configuration[Shared], Name: null, ClientId: null);
        var client = IsSet(options.ClientId) ? options.ClientId : configuration[$"{Shared}:clientId"];
        client = IsSet(client) ? client : null;
        if (IsSet(options.AccountName))
            return new StorageAccount(
                $"{AzureStorageOptions.Section}:{nameof(options.AccountName)}", ConnectionString: null, options.AccountName, client);
        return IsSet(configuration[$"{Shared}:accountName"])
            ? new StorageAccount($"{Shared}:accountName", ConnectionString: null, configuration[$"{Shared}:accountName"], client) : null;
    }

    /// <summary>Returns the reason why no client can be created for the account, or null when there is none. Makes no calls.</summary>
    public string? Error()
    {
        if (ConnectionString is null)
            return IsAccountName(Name!) ? null
                : $"{Setting} is '{Name}', which is not the name of a storage account: 3 to 24 lower-case letters and digits";
        try
        {
            _ = new QueueServiceClient(ConnectionString);
            _ = new TableServiceClient(ConnectionString);
            _ = new BlobServiceClient(ConnectionString);
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            var or = Setting == Shared ? "" : $" (or {Shared})";
            return $"{Setting}{or} is not a storage connection string: {e.Message.ReplaceLineEndings(" ")} Use "
                + $"\"UseDevelopmentStorage=true\" for Azurite, or the connection string from the Azure portal.";
        }
    }

    private static bool IsSet(string? setting) => !string.IsNullOrWhiteSpace(setting);

    private static bool IsAccountName(string name) =>
        name.Length is >= 3 and <= 24 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
