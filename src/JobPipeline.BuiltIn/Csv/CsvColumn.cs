namespace JobPipeline.BuiltIn.Csv;

/// <summary>The type of a column and whether it requires a value.</summary>
public sealed record CsvColumn
{
    /// <summary>Gets the type of the values. The default is string.</summary>
    public CsvColumnType Type { get; init; }

    /// <summary>
    /// Gets whether a line without a value in this column is rejected. The default is false: the row then lacks the property, whatever the
    /// type.
    /// </summary>
    public bool Required { get; init; }
}

/// <summary>The column types. Values of all types but string may be surrounded by white space.</summary>
#pragma warning disable CA1720 // The names are those used in payloads.
public enum CsvColumnType
{
    /// <summary>The text unchanged; at most 32,768 characters.</summary>
    String,

    /// <summary>A 64-bit integer, stored as Edm.Int64.</summary>
    Int,

    /// <summary>A finite number, with a point as the decimal separator, stored as Edm.Double.</summary>
    Double,

    /// <summary>
    /// An ISO 8601 date, or date and time; UTC unless an offset is given. Stored as Edm.DateTime in UTC; the earliest year is 1601.
    /// </summary>
    Date,

    /// <summary><c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>, case-insensitive.</summary>
    Bool,
}
#pragma warning restore CA1720
