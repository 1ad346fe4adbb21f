using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.AzureStorage.Failures;

/// <summary>
/// Stores an error group as two entities of one partition: the group under its id, and its list entry under a key that counts
/// down from when it was last seen, so that a list is a range of rows. Both change in one transaction.
/// </summary>
internal static class ErrorGroupEntity
{
    public const string Partition = "errors";

    /// <summary>A row key that sorts after every list key.</summary>
    public const string EndOfList = "j";

    public static string Key(string id) => $"g|{RowKeyText.Of(id)}";

    public static string ListKey(DateTimeOffset lastSeenAt, string id) => $"{StartOfList(lastSeenAt)}|{RowKeyText.Of(id)}";

    /// <summary>
    /// Returns the first possible list key of groups last seen at this moment: it sorts after the keys of all groups seen later, and
    /// not after those seen at this moment or earlier.
    /// </summary>
    public static string StartOfList(DateTimeOffset lastSeenAt) =>
        string.Create(CultureInfo.InvariantCulture, $"i|{DateTimeOffset.MaxValue.UtcTicks - lastSeenAt.UtcTicks:d19}");

    public static TableEntity From(ErrorGroup group) => new(Partition, Key(group.Id))
    {
        ["Id"] = group.Id,
        ["Title"] = group.Title,
        ["ExceptionType"] = group.ExceptionType,
        ["JobTypes"] = JsonSerializer.Serialize(group.JobTypes),
        ["State"] = group.State.ToString(),
        ["Count"] = group.Count,
        ["Days"] = JsonSerializer.Serialize(group.Days),
        ["FirstSeenAt"] = Column.Time(group.FirstSeenAt),
        ["LastSeenAt"] = Column.Time(group.LastSeenAt),
        ["FirstRelease"] = group.FirstRelease,
        ["LastRelease"] = group.LastRelease,
        ["ResolvedIn"] = group.ResolvedIn,
        ["RegressedAt"] = group.RegressedAt,
        ["Samples"] = JsonSerializer.Serialize(group.Samples),
        ["Batches"] = JsonSerializer.Serialize(group.Batches),
    };

    public static ErrorGroup ToGroup(TableEntity entity) => new()
    {
        Id = entity.GetString("Id"),
        Title = entity.GetString("Title"),
        ExceptionType = entity.GetString("ExceptionType"),
        JobTypes = Read<string>(entity, "JobTypes"),
        State = Enum.Parse<ErrorGroupState>(entity.GetString("State")),
        Count = entity.GetInt64("Count")!.Value,
        Days = Read<ErrorDay>(entity, "Days"),
        FirstSeenAt = Column.Time(entity, "FirstSeenAt") ?? default,
        LastSeenAt = Column.Time(entity, "LastSeenAt") ?? default,
        FirstRelease = entity.GetString("FirstRelease"),
        LastRelease = entity.GetString("LastRelease"),
        ResolvedIn = entity.GetString("ResolvedIn"),
        RegressedAt = entity.GetDateTimeOffset("RegressedAt"),
        Samples = Read<ErrorSample>(entity, "Samples"),
        Batches = Read<ErrorBatchId>(entity, "Batches"),
        Version = entity.ETag.ToString(),
    };

    /// <summary>Creates the list entry.</summary>
    public static TableEntity ListRow(ErrorGroup group) =>
        new(Partition, ListKey(group.LastSeenAt, group.Id)) { ["Summary"] = JsonSerializer.Serialize(ErrorGroupSummary.Of(group)) };

    public static ErrorGroupSummary ToSummary(TableEntity entity) =>
        JsonSerializer.Deserialize<ErrorGroupSummary>(entity.GetString("Summary"))!;

    private static T[] Read<T>(TableEntity entity, string column) => JsonSerializer.Deserialize<T[]>(entity.GetString(column))!;
}
