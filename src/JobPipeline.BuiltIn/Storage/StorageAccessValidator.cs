using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Validates the lists of containers and tables at start-up.</summary>
internal sealed class StorageAccessValidator(ReservedNames reserved) : IValidateOptions<BuiltInOptions>
{
    public ValidateOptionsResult Validate(string? name, BuiltInOptions options)
    {
        var errors = new StorageAccess(reserved, options.Storage).Errors().ToList();
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
