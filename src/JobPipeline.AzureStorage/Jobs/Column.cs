using Azure.Data.Tables;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Converts values that a column can't hold as they are. A merge can't clear a column, so absent text is written as an empty
/// string and an absent moment as the earliest one that the service supports; an earlier moment counts as absent.
/// </summary>
internal static class Column
{
    private static readonly DateTimeOffset NoTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Time(DateTimeOffset? value) => value > NoTime ? value.Value : NoTime;

    /// <summary>Reads a moment; null when it is absent.</summary>
    public static DateTimeOffset? Time(TableEntity entity, string column) =>
        entity.GetDateTimeOffset(column) is { } value && value > NoTime ? value : null;

    /// <summary>Reads a text; null when it is absent or empty.</summary>
    public static string? Text(TableEntity entity, string column) => entity.GetString(column) is { Length: > 0 } text ? text : null;

    /// <summary>Cuts a text to a number of UTF-16 units, without splitting a surrogate pair.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length <= max)
            return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
