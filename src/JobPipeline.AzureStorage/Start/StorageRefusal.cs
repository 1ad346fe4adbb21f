using Azure;
using Azure.Identity;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Explains the exceptions of storage clients during start. Pure.</summary>
internal static class StorageRefusal
{
    /// <summary>Whether a retry may help: the service did not respond or is not ready yet.</summary>
    public static bool IsOutage(Exception error) => Request(error) is { } refused
        ? refused.Status is 0 or 408 or 429 or >= 500
        : error is OperationCanceledException or AggregateException { InnerException: OperationCanceledException };

    /// <summary>Returns the message for a refusal that a retry does not change, or null for any other exception.</summary>
    public static string? Explain(Exception error, StorageAccount? account)
    {
        var setting = account?.Setting ?? $"{AzureStorageOptions.Section}:ConnectionString";
        if (error is AuthenticationFailedException)
        {
            return $"No identity of this machine can sign in to the storage account of {setting}: {FirstLine(error.Message)} "
                + $"Sign in (az login), assign an identity to this host, or set {AzureStorageOptions.Section}:ConnectionString.";
        }

        return Request(error) switch
        {
            { Status: 401 or 403 } refused when account?.ConnectionString is null && account is not null =>
                $"The storage account of {setting} refused the identity of this host ({CodeOf(refused)}). "
                    + "Assign it the roles Storage Queue, Table and Blob Data Contributor, and check the account's firewall.",
            { Status: 401 or 403 } refused =>
                $"The storage account refused the credentials of {setting} ({CodeOf(refused)}). "
                + "Check the key or the signature in it, the account's firewall, and the clock of this machine.",
            _ => null,
        };
    }

    /// <summary>Returns the reason in a few words.</summary>
    public static string Reason(Exception error) =>
        Request(error) is { Status: > 0 } refused ? $"it answered {CodeOf(refused)}"
            : FirstLine((Request(error) ?? error).Message).TrimEnd('.');

    private static RequestFailedException? Request(Exception error) =>
        error as RequestFailedException ?? (error as AggregateException)?.InnerException as RequestFailedException;

    private static string CodeOf(RequestFailedException refused) =>
        string.IsNullOrEmpty(refused.ErrorCode) ? $"{refused.Status}" : $"{refused.Status} {refused.ErrorCode}";

    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
