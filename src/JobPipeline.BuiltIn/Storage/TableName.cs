using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>
/// The name of an Azure table in a payload: 3 to 63 letters and digits, starting with a letter. The tables of the pipeline and of its host
/// are rejected. As in the service, names that differ only in case are equal.
/// </summary>
[JsonConverter(typeof(TableNameJsonConverter))]
public sealed record TableName : IParsable<TableName>
{
    private TableName(string value) => Value = value;

    /// <summary>Gets the name as it was written.</summary>
    public string Value { get; }

    /// <summary>Parses a name.</summary>
    /// <exception cref="FormatException">The text is not the name of a table that payloads may name; the message states why.</exception>
    public static TableName Parse(string text) => Read(text, out var error) ?? throw new FormatException(error);

    /// <inheritdoc cref="Parse(string)"/>
    public static TableName Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <summary>Parses a name; returns false if the text is not one that payloads may name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TableName? name) =>
        (name = text is null ? null : Read(text, out _)) is not null;

    /// <inheritdoc cref="TryParse(string?, out TableName?)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out TableName result) =>
        TryParse(s, out result);

    public bool Equals(TableName? other) => other is not null && Value.Equals(other.Value, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);

    public override string ToString() => Value;

    /// <summary>Parses a name, or returns null and the validation error.</summary>
    internal static TableName? Read(string text, out string? error)
    {
        error = FormErrorOf(text);
        if (error is null && ReservedNames.Everywhere.OfTable(text) == Reservation.Always)
            error = $"'{text}' {ReservedNames.TableRefusal}";
        return error is null ? new TableName(text) : null;
    }

    /// <summary>Returns why a text can't be the name of any table, or null if it can.</summary>
    internal static string? FormErrorOf(string text)
    {
        var isName = text.Length is >= 3 and <= 63 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit);
        if (!isName)
            return $"'{text}' is not a table name; 'table' must have 3 to 63 letters and digits, starting with a letter";
        return text.Equals("tables", StringComparison.OrdinalIgnoreCase)
            ? $"'{text}' is reserved by the storage service; use another table"
            : null;
    }
}
