namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>
/// Converts a column name into a valid table property name: a letter or <c>_</c>, then letters, digits and <c>_</c>. Other characters are
/// replaced by <c>_</c>, <c>_</c> is prepended to a leading digit, and appended to a name that is reserved by the service or the import.
/// </summary>
internal static class PropertyName
{
    /// <summary>The property with the id of the job that wrote the row; only with key columns.</summary>
    public const string Job = "ImportJob";

    /// <summary>The property with the line number of the row; only with key columns.</summary>
    public const string Line = "ImportLine";

    public const int MaxLength = 255;

    private static readonly string[] Reserved = ["PartitionKey", "RowKey", "Timestamp", "ETag", Job, Line];

    public static string From(string column)
    {
        var name = string.Create(column.Length, column, static (chars, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                chars[i] = char.IsLetterOrDigit(text[i]) ? text[i] : '_';
        });
        if (char.IsDigit(name[0]))
            name = "_" + name;
        return Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) ? name + "_" : name;
    }
}
