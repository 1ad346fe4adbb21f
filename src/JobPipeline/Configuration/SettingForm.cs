using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Configuration;

/// <summary>The format of a setting's value, from the type of its property and the range declared on it. Pure.</summary>
internal static class SettingForm
{
    private const int MaxShown = 100;

    /// <summary>
    /// Gets the validation error of a text, such as <c>is 'many'; it must be a whole number from 1 to 100</c>; null for a valid
    /// text. A value outside the range is reported by the data annotations.
    /// </summary>
    public static string? ErrorOf(string text, Type type, PropertyInfo? property = null)
    {
        var kind = Nullable.GetUnderlyingType(type) ?? type;
        // The binder reads a blank value of an optional setting as "not set".
        if (kind != type && string.IsNullOrEmpty(text))
            return null;
        return IsReadable(text, kind) ? null
            : $"is {Shown(text)}; it must be {Describe(kind, property?.GetCustomAttribute<RangeAttribute>())}";
    }

    /// <summary>Gets the value in a form that fits a single-line message.</summary>
    public static string Shown(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length == 0 ? "blank" : $"'{(line.Length > MaxShown ? line[..MaxShown] + "…" : line)}'";
    }

    private static bool IsReadable(string text, Type kind)
    {
        if (kind == typeof(TimeSpan))
            return WireDuration.TryParse(text, out _);
        var converter = TypeDescriptor.GetConverter(kind);
        if (!converter.CanConvertFrom(typeof(string)))
            return true;
        try
        {
            return converter.ConvertFromInvariantString(text) is not Enum value || Enum.IsDefined(kind, value);
        }
        catch (Exception e) when (
            e is FormatException or ArgumentException or OverflowException or NotSupportedException or InvalidCastException)
        {
            return false;
        }
    }

    private static string Describe(Type kind, RangeAttribute? range)
    {
        var bounds = range is null ? "" : $" from {Text(range.Minimum)} to {Text(range.Maximum)}";
        if (kind.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(kind))}";
        return Type.GetTypeCode(kind) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Double or TypeCode.Single or TypeCode.Decimal => "a number" + bounds,
            TypeCode.DateTime => "a time such as 2026-01-31T09:00:00Z",
            >= TypeCode.SByte and <= TypeCode.UInt64 => "a whole number" + bounds,
            _ when kind == typeof(TimeSpan) => WireDuration.Form + (range is null ? "" : "," + bounds),
            _ when kind == typeof(DateTimeOffset) => "a time such as 2026-01-31T09:00:00Z",
            _ when kind == typeof(Uri) => "a URL",
            _ => $"a {kind.Name}",
        };
    }

    private static string Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture) ?? "";
}
