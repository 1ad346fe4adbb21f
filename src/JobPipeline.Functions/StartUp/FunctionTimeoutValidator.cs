using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.StartUp;

/// <summary>Checks that no handler's time limit exceeds the function timeout, at which the host kills the whole process.</summary>
internal sealed class FunctionTimeoutValidator(Func<JobRegistry> registry) : IValidateOptions<FunctionsHostOptions>
{
    public ValidateOptionsResult Validate(string? name, FunctionsHostOptions options)
    {
        if (options.FunctionTimeout is not { } limit)
            return ValidateOptionsResult.Success;
        var errors = registry().All.Where(job => job.Timeout > limit).Select(job =>
            $"The time limit of '{job.Type}' ({job.Timeout:c}) is above the host's {FunctionTimeoutSetting.Name} ({limit:c}); lower "
                + $"JobPipeline:Jobs:{job.Type}:Timeout, or raise {FunctionTimeoutSetting.Name} in host.json").ToList();
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
