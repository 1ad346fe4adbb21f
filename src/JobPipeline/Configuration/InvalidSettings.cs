using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Configuration;

/// <summary>A setting with an invalid value.</summary>
/// <param name="Path">The full path of the setting.</param>
/// <param name="Why">The validation error, to follow the path.</param>
internal readonly record struct InvalidSetting(string Path, string Why)
{
    public override string ToString() => $"{Path} {Why}";
}

/// <summary>
/// Finds all values below a section that do not have the format of their property. The binder would stop at the first one, and
/// silently skip an entry of a dictionary. Unknown names are left to the validator.
/// </summary>
internal static class InvalidSettings
{
    public static IEnumerable<InvalidSetting> Of(IConfigurationSection section, Type options) =>
        section.GetChildren().SelectMany(child =>
            PropertyOf(options, child.Key) is { } property ? OfValue(child, property.PropertyType, property) : []);

    /// <summary>Gets the value type of a property that maps names to options; null for any other property.</summary>
    public static Type? EntriesOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? type.GetGenericArguments()[1] : null;

    /// <summary>Whether the type is nested options.</summary>
    public static bool IsNested(Type type) =>
        type.IsClass && type.Namespace?.StartsWith(nameof(JobPipeline), StringComparison.Ordinal) == true;

    private static IEnumerable<InvalidSetting> OfValue(IConfigurationSection setting, Type type, PropertyInfo? property)
    {
        if ((EntriesOf(type) ?? ElementOf(type)) is { } entry)
            return NotASection(setting) ?? setting.GetChildren().SelectMany(child => OfValue(child, entry, property: null));
        if (IsNested(type))
            return NotASection(setting) ?? Of(setting, type);
        if (typeof(Delegate).IsAssignableFrom(type) || setting.Value is null)
            return [];
        return SettingForm.ErrorOf(setting.Value, type, property) is { } why ? [new InvalidSetting(setting.Path, why)] : [];
    }

    private static IEnumerable<InvalidSetting>? NotASection(IConfigurationSection setting) => string.IsNullOrEmpty(setting.Value)
        ? null
        : [new InvalidSetting(
            setting.Path, $"is {SettingForm.Shown(setting.Value)}; it must be a section, with settings such as {setting.Path}:<name>")];

    /// <summary>Gets the element type of a list or array; null for any other type.</summary>
    public static Type? ElementOf(Type type) =>
        type == typeof(string) ? null
        : type.IsArray ? type.GetElementType()
        : type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
            && type.GetGenericArguments() is [var element] ? element
        : null;

    /// <summary>Gets the property that a setting is bound to; null when there is none.</summary>
    public static PropertyInfo? PropertyOf(Type options, string name) =>
        Array.Find(options.GetProperties(BindingFlags.Public | BindingFlags.Instance), p =>
            p.CanWrite && p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
