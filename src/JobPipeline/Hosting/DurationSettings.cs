using System.Globalization;
using JobPipeline.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Hosting;

/// <summary>
/// Binds options with durations read by <see cref="WireDuration"/>. The binder alone reads <c>30</c> as 30 days and <c>24:00:00</c>
/// as 24 days, and does not know <c>PT10S</c>.
/// </summary>
internal static class DurationSettings
{
    /// <param name="section">Where the options are set.</param>
    /// <param name="options">What is bound.</param>
    /// <exception cref="OptionsValidationException">A duration is anything else; each is named with its value.</exception>
    public static void Bind(IConfigurationSection section, object options)
    {
        var durations = new List<(IConfigurationSection Setting, TimeSpan? Value)>();
        Find(section, options.GetType(), durations);
        var faults = durations.Where(found => found.Value is null)
            .Select(found => $"{found.Setting.Path} is '{found.Setting.Value}'; it must be {WireDuration.Form}").ToList();
        if (faults.Count > 0)
            throw new OptionsValidationException(Options.DefaultName, options.GetType(), faults);
        var others = durations.Where(found => !ReadsAlike(found.Setting.Value!, found.Value!.Value))
            .Select(found => KeyValuePair.Create(found.Setting.Path[(section.Path.Length + 1)..], found.Value?.ToString("c")))
            .ToList();
        Readable(section, others).Bind(options);
    }

    private static IConfiguration Readable(IConfigurationSection section, List<KeyValuePair<string, string?>> others) =>
        others.Count == 0 ? section : new ConfigurationBuilder().AddConfiguration(section).AddInMemoryCollection(others).Build();

    private static bool ReadsAlike(string text, TimeSpan duration) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var read) && read == duration;

    /// <summary>Goes where the binder goes: into nested options, dictionaries and lists.</summary>
    private static void Find(IConfigurationSection setting, Type type, List<(IConfigurationSection Setting, TimeSpan? Value)> found)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan))
        {
            // Nothing at all is no duration, unless none is allowed.
            if (setting.Value is { } text && (text.Length > 0 || type == typeof(TimeSpan)))
                found.Add((setting, WireDuration.TryParse(text, out var duration) ? duration : null));
        }
        else if (EntriesOf(type) is { } entry)
        {
            foreach (var child in setting.GetChildren())
                Find(child, entry, found);
        }
        else if (type.IsClass && type.Namespace?.StartsWith(nameof(JobPipeline), StringComparison.Ordinal) == true)
        {
            var properties = type.GetProperties();
            foreach (var child in setting.GetChildren())
            {
                if (Array.Find(properties, known => known.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } property)
                    Find(child, property.PropertyType, found);
            }
        }
    }

    /// <summary>What a dictionary or list holds; null for what is neither.</summary>
    private static Type? EntriesOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1]
        : null;
}
