using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Start;

/// <summary>Rejects an invalid connection string or account name at start, together with all other invalid settings.</summary>
internal sealed class StorageAccountValidator(IConfiguration configuration) : IValidateOptions<AzureStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, AzureStorageOptions options) =>
        StorageAccount.Of(options, configuration)?.Error() is { } error ? ValidateOptionsResult.Fail(error) : ValidateOptionsResult.Success;
}
