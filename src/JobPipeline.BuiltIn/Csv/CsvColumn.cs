namespace JobPipeline.BuiltIn.Csv;

/// <summary>What the values of a column are.</summary>
public sealed record CsvColumn
{
    /// <summary>Default string.</summary>
    public CsvColumnType Type { get; init; }

    /// <summary>A line with no value here is rejected. Default false: the row has no such property then, whatever the type.</summary>
    public bool Required { get; init; }
}

/// <summary>The types of columns. Values of all but strings may have blanks around them.</summary>
#pragma warning disable CA1720 // The names are the words of the payload, which are those of other languages too.
public enum CsvColumnType
{
    /// <summary>As it is; at most 32,768 characters.</summary>
    String,

    /// <summary>A whole number of 64 bits, stored as Edm.Int64.</summary>
    Int,

    /// <summary>A finite number with a decimal point, stored as Edm.Double.</summary>
    Double,

    /// <summary>ISO 8601: a date, or a date and time; UTC unless it has an offset. Stored as Edm.DateTime in UTC, 1601 at the earliest.</summary>
    Date,

    /// <summary><c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>, in any case.</summary>
    Bool,
}
#pragma warning restore CA1720
