using System.ComponentModel.DataAnnotations;
using Azure.Core;

namespace JobPipeline.AzureStorage;

/// <summary>Settings of the storage account: configuration section <c>JobPipeline:Storage</c>.</summary>
public sealed class AzureStorageOptions
{
    public const string Section = "JobPipeline:Storage";

    /// <summary>
    /// Gets or sets the connection string. The default is the setting <c>AzureWebJobsStorage</c>, which the Functions host
    /// also uses.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Gets or sets the account name, for authentication by identity instead. The default is
    /// <c>AzureWebJobsStorage:accountName</c>.
    /// </summary>
    public string? AccountName { get; set; }

    /// <summary>
    /// Gets or sets the client id of a user-assigned managed identity. The default is <c>AzureWebJobsStorage:clientId</c>, else the
    /// identity that the environment provides.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// Gets or sets the prefix of table and container names, with which several pipelines can share an account in tests. The
    /// default is none.
    /// </summary>
    [RegularExpression(
        "^([a-z][a-z0-9]{0,19})?$", ErrorMessage = "The field Prefix must be at most 20 lower-case letters and digits, a letter first.")]
    public string Prefix { get; set; } = "";

    /// <summary>Gets or sets how long a host waits at start for storage that does not respond. The default is 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Gets or sets a callback for the options of each Azure client, called before the client is created, for example to add
    /// pipeline policies.
    /// </summary>
    public Action<ClientOptions>? ConfigureClient { get; set; }
}
