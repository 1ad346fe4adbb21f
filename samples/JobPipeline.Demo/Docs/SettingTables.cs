using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace JobPipeline.Demo.Docs;

/// <summary>
/// The reference of all settings in Markdown, from the options classes: an options class has a parameterless constructor and a constant
/// <c>Section</c>, or is the value of a dictionary in another options class. Defaults are read from a new instance.
/// </summary>
internal static class SettingTables
{
    private const string Root = "JobPipeline";

    // Ranges that only exclude NaN and infinity end here.
    private const double Unbounded = 1e15;

    // Computed from the process that runs, so an instance made here would show the wrong one.
    private static readonly Dictionary<string, string> ComputedDefaults = new(StringComparer.Ordinal)
    {
        ["JobPipeline:Release"] = "version of the entry assembly",
    };

    /// <summary>The assemblies that hold options classes.</summary>
    public static IReadOnlyList<Assembly> Parts { get; } =
    [
        .. new[] { Root, $"{Root}.AzureStorage", $"{Root}.BuiltIn", $"{Root}.Http", $"{Root}.SelfHost", $"{Root}.Telemetry" }
            .Select(Assembly.Load),
    ];

    /// <summary>Gets all settings, ordered by section and in the order in which the options class declares them.</summary>
    public static IEnumerable<Setting> Settings() => Sections().SelectMany(section => SettingsOf(section.Path, section.Options));

    /// <summary>Writes a heading, a summary and a table for each section.</summary>
    public static string Write()
    {
        var documentation = new XmlDocumentation(Parts);
        var text = new StringBuilder();
        foreach (var (path, options) in Sections())
        {
            text.Append(CultureInfo.InvariantCulture, $"### {path}\n\n{documentation.SummaryOf(options, path)}\n\n");
            var settings = SettingsOf(path, options).ToList();
            if (settings.Count == 0)
                continue;
            text.Append("| Setting | Value | Default | Meaning |\n|---|---|---|---|\n");
            foreach (var setting in settings)
            {
                var meaning = documentation.SummaryOf(setting.Property, skipDefault: setting.Default != Setting.NoDefault);
                text.Append(
                    CultureInfo.InvariantCulture, $"| `{setting.Name}` | {setting.Value} | {setting.Default} | {meaning} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static List<(string Path, Type Options)> Sections() =>
    [
        .. Parts.SelectMany(part => part.GetTypes())
            .Where(type => PathOf(type) is not null)
            .SelectMany(type => WithEntries(PathOf(type)!, type))
            .OrderBy(section => section.Path, StringComparer.Ordinal),
    ];

    /// <summary>The section of an options class, followed by the sections of the options that it holds by name.</summary>
    private static IEnumerable<(string Path, Type Options)> WithEntries(string path, Type options) =>
        PropertiesOf(options)
            .Where(property => EntryOf(property) is { } entry && IsOptions(entry))
            .SelectMany(property => WithEntries($"{path}:{property.Name}:{NameIn(property)}", EntryOf(property)!))
            .Prepend((path, options));

    private static IEnumerable<Setting> SettingsOf(string path, Type options)
    {
        var instance = Activator.CreateInstance(options)!;
        foreach (var property in PropertiesOf(options))
        {
            var entry = EntryOf(property) ?? ElementOf(property.PropertyType);
            if (IsOptions(entry ?? property.PropertyType))
                continue;
            var name = property.Name + (entry is null ? "" : EntryOf(property) is null ? ":{n}" : ":" + NameIn(property));
            var fixedDefault = ComputedDefaults.GetValueOrDefault($"{path}:{property.Name}");
            yield return new Setting(
                path,
                name,
                property,
                ValueOf(entry ?? property.PropertyType, property),
                fixedDefault ?? DefaultOf(property.GetValue(instance)));
        }
    }

    private static string? PathOf(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.GetConstructor(Type.EmptyTypes) is not null
            && type.GetField("Section", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) is { IsLiteral: true } constant
            && constant.GetRawConstantValue() is string path && $"{path}:".StartsWith($"{Root}:", StringComparison.Ordinal)
            ? path
            : null;

    private static IEnumerable<PropertyInfo> PropertiesOf(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !typeof(Delegate).IsAssignableFrom(property.PropertyType))
            .OrderBy(property => property.MetadataToken);

    private static bool IsOptions(Type type) =>
        type.IsClass && type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true;

    private static Type? EntryOf(PropertyInfo property) =>
        property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
            ? type.GetGenericArguments()[1]
            : null;

    private static Type? ElementOf(Type type) =>
        type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) && type.GetGenericArguments() is [var element] ? element : null;

    private static string NameIn(PropertyInfo property) => property.Name == "Jobs" ? "{type}" : "{name}";

    private static string ValueOf(Type declared, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var range = RangeOf(property.GetCustomAttribute<RangeAttribute>());
        return type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(name => $"`{name}`"))
            : type == typeof(bool) ? "`true` or `false`"
            : type == typeof(TimeSpan) ? $"duration{range}"
            : type == typeof(int) || type == typeof(long) ? $"whole number{range}"
            : type == typeof(double) ? $"number{range}"
            : "text";
    }

    private static string RangeOf(RangeAttribute? range) => range switch
    {
        null or { Minimum: <= -Unbounded } => "",
        { Maximum: >= Unbounded } => string.Create(CultureInfo.InvariantCulture, $", at least {range.Minimum}"),
        _ => string.Create(CultureInfo.InvariantCulture, $", {range.Minimum} to {range.Maximum}"),
    };

    private static string DefaultOf(object? value) => value switch
    {
        null or "" => Setting.NoDefault,
        bool flag => flag ? "`true`" : "`false`",
        TimeSpan duration => $"`{duration:c}`",
        string or Enum => $"`{value}`",
        IEnumerable items => items.GetEnumerator().MoveNext()
            ? throw new NotSupportedException("The default of a list must be empty; the reference can't show another one.")
            : Setting.NoDefault,
        _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
    };
}
