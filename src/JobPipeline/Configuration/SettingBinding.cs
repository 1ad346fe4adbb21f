using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Configuration;

/// <summary>
/// Binds a section to its options. Invalid values are left out and reported by <see cref="Validate"/>, so that one start-up
/// reports all errors: these, the unknown names, and the values out of range.
/// </summary>
internal sealed class SettingBinding<TOptions>(IConfigurationSection section) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    public void Configure(TOptions options)
    {
        var faulty = InvalidSettings.Of(section, typeof(TOptions)).Select(error => error.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var durations = DurationSettings.Of(section, typeof(TOptions)).ToList();
        if (faulty.Count == 0 && durations.Count == 0)
        {
            section.Bind(options);
            return;
        }

        var sound = section.AsEnumerable(makePathsRelative: true).Where(setting => !faulty.Contains($"{section.Path}:{setting.Key}"));
        new ConfigurationBuilder().AddInMemoryCollection(sound).AddInMemoryCollection(durations).Build().Bind(options);
    }

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var errors = InvalidSettings.Of(section, typeof(TOptions)).Select(error => error.ToString()).ToList();
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
