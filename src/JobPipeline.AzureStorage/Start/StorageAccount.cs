using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Where the storage is and which setting said so.</summary>
/// <param name="Setting">The full name of the setting.</param>
/// <param name="ConnectionString">Null for an account that is signed in to by identity.</param>
/// <param name="Name">The name of the account; null for a connection string.</param>
/// <param name="ClientId">The user-assigned identity to sign in with; null for the default one.</param>
internal sealed record StorageAccount(string Setting, string? ConnectionString, string? Name, string? ClientId)
{
    private const string Shared = "AzureWebJobsStorage";

    /// <summary>Null: no storage is configured. A blank setting counts as none: sample files are full of them.</summary>
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

    /// <summary>What keeps a client from being made of it; null when nothing does. Calls nobody.</summary>
    public string? Fault()
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
                + $"\"UseDevelopmentStorage=true\" for Azurite, or the connection string that the Azure portal shows.";
        }
    }

    private static bool IsSet(string? setting) => !string.IsNullOrWhiteSpace(setting);

    private static bool IsAccountName(string name) =>
        name.Length is >= 3 and <= 24 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
