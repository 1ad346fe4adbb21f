using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.AzureStorage.Start;

/// <summary>
/// Refuses a connection string or an account name that no client can be made of, at start and beside all other wrong settings.
/// </summary>
internal sealed class StorageAccountValidator(IConfiguration configuration) : IValidateOptions<AzureStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, AzureStorageOptions options) =>
        StorageAccount.Of(options, configuration)?.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
