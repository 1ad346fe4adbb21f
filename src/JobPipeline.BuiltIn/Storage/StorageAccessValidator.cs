using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Validates the lists of containers and tables at start-up.</summary>
internal sealed class StorageAccessValidator(ReservedNames reserved) : IValidateOptions<BuiltInOptions>
{
    public ValidateOptionsResult Validate(string? name, BuiltInOptions options)
    {
        var faults = new StorageAccess(reserved, options.Storage).Faults().ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
