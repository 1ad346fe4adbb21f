namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>
/// Turns the name of a column into one that a table property may have: a letter or <c>_</c>, then letters, digits and
/// <c>_</c>. Every other character becomes <c>_</c>; a digit at the start gets one in front, a name that is taken by the
/// service or by the import one at the end.
/// </summary>
internal static class PropertyName
{
    /// <summary>The job that wrote a row; only with key columns.</summary>
    public const string Job = "ImportJob";

    /// <summary>The line it came from; only with key columns.</summary>
    public const string Line = "ImportLine";

    public const int MaxLength = 255;

    private static readonly string[] Taken = ["PartitionKey", "RowKey", "Timestamp", "ETag", Job, Line];

    public static string From(string column)
    {
        var name = string.Create(column.Length, column, static (chars, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                chars[i] = char.IsLetterOrDigit(text[i]) ? text[i] : '_';
        });
        if (char.IsDigit(name[0]))
            name = "_" + name;
        return Taken.Contains(name, StringComparer.OrdinalIgnoreCase) ? name + "_" : name;
    }
}
