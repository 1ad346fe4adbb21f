using System.ComponentModel.DataAnnotations;
using Azure.Core;

namespace JobPipeline.AzureStorage;

/// <summary>Settings of the storage account: configuration section <c>JobPipeline:Storage</c>.</summary>
public sealed class AzureStorageOptions
{
    public const string Section = "JobPipeline:Storage";

    /// <summary>Connection string. Default: the setting <c>AzureWebJobsStorage</c>, where the Functions host has its own.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Account name, to sign in by identity instead. Default: <c>AzureWebJobsStorage:accountName</c>.</summary>
    public string? AccountName { get; set; }

    /// <summary>Client id of a user-assigned managed identity. Default: <c>AzureWebJobsStorage:clientId</c>, else whatever identity is there.</summary>
    public string? ClientId { get; set; }

    /// <summary>Put in front of the names of tables and containers, so that several pipelines can share an account in tests. Default none.</summary>
    [RegularExpression("^([a-z][a-z0-9]{0,19})?$", ErrorMessage = "The field Prefix must be at most 20 lower-case letters and digits, a letter first.")]
    public string Prefix { get; set; } = "";

    /// <summary>Gets or sets how long a host waits at start for a storage that does not answer. The default is 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Called with the options of every Azure client before it is made: a place for pipeline policies.</summary>
    public Action<ClientOptions>? ConfigureClient { get; set; }
}
