using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>
/// An Azure table that a payload names: 3 to 63 letters and digits, a letter first. The tables of the pipeline and of its
/// host are refused. The service takes names that differ in case alone for one table, and so does equality.
/// </summary>
[JsonConverter(typeof(TableNameJsonConverter))]
public sealed record TableName : IParsable<TableName>
{
    private TableName(string value) => Value = value;

    /// <summary>Gets the name as it was written.</summary>
    public string Value { get; }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a table that payloads may name; the message says why.</exception>
    public static TableName Parse(string text) => Read(text, out var fault) ?? throw new FormatException(fault);

    /// <inheritdoc cref="Parse(string)"/>
    public static TableName Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Reads a name; false when the text is none that payloads may name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TableName? name) =>
        (name = text is null ? null : Read(text, out _)) is not null;

    /// <inheritdoc cref="TryParse(string?, out TableName?)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out TableName result) =>
        TryParse(s, out result);

    public bool Equals(TableName? other) => other is not null && Value.Equals(other.Value, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);

    public override string ToString() => Value;

    /// <summary>The name, or null and what is wrong with the text.</summary>
    internal static TableName? Read(string text, out string? fault)
    {
        fault = FormFaultOf(text);
        if (fault is null && ReservedNames.Everywhere.OfTable(text) == Reservation.Always)
            fault = $"'{text}' {ReservedNames.TableRefusal}";
        return fault is null ? new TableName(text) : null;
    }

    /// <summary>What keeps a text from being the name of any table; null when nothing does.</summary>
    internal static string? FormFaultOf(string text)
    {
        var isName = text.Length is >= 3 and <= 63 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit);
        if (!isName)
            return $"'{text}' is not the name of a table: 'table' takes 3 to 63 letters and digits, a letter first";
        return text.Equals("tables", StringComparison.OrdinalIgnoreCase) ? $"the storage service keeps the name '{text}' for itself" : null;
    }
}
