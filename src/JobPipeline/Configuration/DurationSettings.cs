using System.Globalization;
using JobPipeline.Jobs.Wire;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Configuration;

/// <summary>
/// Finds the durations that the binder would misread or reject: it reads <c>24:00:00</c> as 24 days and does not accept <c>PT10S</c>.
/// Which texts are durations is decided by <see cref="WireDuration"/>.
/// </summary>
internal static class DurationSettings
{
    /// <summary>Gets the durations to pass to the binder in its own form, by their key below the section.</summary>
    /// <param name="section">The section that holds the options.</param>
    /// <param name="options">The type of the options.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Of(IConfigurationSection section, Type options)
    {
        var durations = new List<(IConfigurationSection Setting, TimeSpan Value)>();
        Find(section, options, durations);
        return durations.Where(found => !ReadsAlike(found.Setting.Value!, found.Value))
            .Select(found => KeyValuePair.Create(found.Setting.Path[(section.Path.Length + 1)..], (string?)found.Value.ToString("c")));
    }

    private static bool ReadsAlike(string text, TimeSpan duration) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var read) && read == duration;

    /// <summary>Visits what the binder visits: nested options, dictionaries and lists.</summary>
    private static void Find(IConfigurationSection setting, Type type, List<(IConfigurationSection Setting, TimeSpan Value)> found)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan))
        {
            if (setting.Value is { } text && WireDuration.TryParse(text, out var duration))
                found.Add((setting, duration));
        }
        else if ((InvalidSettings.EntriesOf(type) ?? InvalidSettings.ElementOf(type)) is { } entry)
        {
            foreach (var child in setting.GetChildren())
                Find(child, entry, found);
        }
        else if (InvalidSettings.IsNested(type))
        {
            foreach (var child in setting.GetChildren())
            {
                if (InvalidSettings.PropertyOf(type, child.Key) is { } property)
                    Find(child, property.PropertyType, found);
            }
        }
    }
}
