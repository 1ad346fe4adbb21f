using Microsoft.Extensions.Options;

namespace JobPipeline.Limits.Governor;

/// <summary>Validates the settings of the governor against each other, and the reserve against the memory of this process.</summary>
internal sealed class GovernorOptionsValidator(IResourceProbe probe) : IValidateOptions<GovernorOptions>
{
    public ValidateOptionsResult Validate(string? name, GovernorOptions options)
    {
        var errors = new List<string>();
        if (options.CloseAt <= options.MemoryThreshold)
        {
            errors.Add(
                $"{GovernorOptions.Section}:CloseAt ({options.CloseAt}) must be above {GovernorOptions.Section}:MemoryThreshold "
                    + $"({options.MemoryThreshold}): an instance starts fewer jobs before it starts none.");
        }

        if (options is { Enabled: true, ReserveBytes: > 0 } && probe.Sample() is { } sample && options.ReserveBytes >= sample.LimitBytes)
        {
            errors.Add(
                $"{GovernorOptions.Section}:ReserveBytes ({options.ReserveBytes}) must be less than the memory that this process may use "
                    + $"({sample.LimitBytes} bytes): lower it, or give the process more memory.");
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
