using Azure.Data.Tables;

namespace JobPipeline.AzureStorage.Jobs;

/// <summary>
/// Values that a column can't hold as they are. A merge can't clear a column, so absent text is written empty, and an
/// absent moment as the first one that the service knows; an earlier moment counts as absent.
/// </summary>
internal static class Column
{
    private static readonly DateTimeOffset NoTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Time(DateTimeOffset? value) => value > NoTime ? value.Value : NoTime;

    /// <summary>Null: absent.</summary>
    public static DateTimeOffset? Time(TableEntity entity, string column) =>
        entity.GetDateTimeOffset(column) is { } value && value > NoTime ? value : null;

    /// <summary>Null: absent or empty.</summary>
    public static string? Text(TableEntity entity, string column) => entity.GetString(column) is { Length: > 0 } text ? text : null;

    /// <summary>At most so many UTF-16 units, never half a surrogate pair.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length <= max)
            return text;
        return text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
    }
}
