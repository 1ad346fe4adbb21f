namespace JobPipeline.Failures.ErrorGroups;

/// <summary>The rules by which an error group changes. Pure.</summary>
internal static class ErrorGroupRules
{
    /// <summary>Creates a group from its first batch.</summary>
    public static ErrorGroup New(ErrorBatch batch) => new()
    {
        Id = batch.Group,
        Title = batch.Title,
        ExceptionType = batch.ExceptionType,
        JobTypes = Union([], batch.JobTypes),
        Count = batch.Days.Sum(day => day.Count),
        Days = Newest(batch.Days),
        FirstSeenAt = batch.FirstAt,
        LastSeenAt = batch.LastAt,
        FirstRelease = batch.Release,
        LastRelease = batch.Release,
        Samples = Newest([], batch.Samples),
        Batches = [batch.Id],
    };

    /// <summary>
    /// Adds a batch to the group. A resolved group that is seen in a later release is reopened as a regression; the same or an
    /// earlier release (instances not updated yet) only counts. An ignored group stays ignored.
    /// </summary>
    public static ErrorGroup Seen(this ErrorGroup group, ErrorBatch batch)
    {
        if (group.HasCounted(batch.Id))
            return group;
        var counted = group with
        {
            JobTypes = Union(group.JobTypes, batch.JobTypes),
            Count = group.Count + batch.Days.Sum(day => day.Count),
            Days = Newest(group.Days.Concat(batch.Days)),
            FirstSeenAt = Earlier(group.FirstSeenAt, batch.FirstAt),
            LastSeenAt = Later(group.LastSeenAt, batch.LastAt),
            FirstRelease = ReleaseOrder.Compare(batch.Release, group.FirstRelease) < 0 ? batch.Release : group.FirstRelease,
            LastRelease = IsNews(group, batch.Release, group.LastRelease) ? batch.Release : group.LastRelease,
            Samples = Newest(group.Samples, batch.Samples),
            Batches = [.. group.Batches.Where(known => known.Instance != batch.Id.Instance).TakeLast(ErrorGroup.MaxBatches - 1), batch.Id],
        };
        return group.State == ErrorGroupState.Resolved && IsNews(group, batch.Release, group.ResolvedIn!)
            ? counted with { State = ErrorGroupState.Open, RegressedAt = batch.LastAt }
            : counted;
    }

    /// <summary>Returns whether the batch, or a later one of its instance, is already counted.</summary>
    public static bool HasCounted(this ErrorGroup group, ErrorBatchId batch) =>
        group.Batches.Any(known => known.Instance == batch.Instance && known.Sequence >= batch.Sequence);

    /// <summary>Marks the group as fixed in the release.</summary>
    public static ErrorGroup Resolved(this ErrorGroup group, string release) =>
        group with { State = ErrorGroupState.Resolved, ResolvedIn = release, RegressedAt = null };

    public static ErrorGroup Ignored(this ErrorGroup group) => group with { State = ErrorGroupState.Ignored, RegressedAt = null };

    public static ErrorGroup Reopened(this ErrorGroup group) => group with { State = ErrorGroupState.Open };

    /// <summary>
    /// Corrects the counts by day from stored failures: a day's stored failures can't outnumber those that occurred on it.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="recounted">The stored failures by day.</param>
    /// <param name="today">The current day; days older than the last <see cref="ErrorGroup.MaxDays"/> are left unchanged.</param>
    public static ErrorGroup Recounted(this ErrorGroup group, IEnumerable<ErrorDay> recounted, DateOnly today)
    {
        var counts = group.Days.ToDictionary(day => day.Day, day => day.Count);
        var missing = 0L;
        var recent = recounted.Where(day => day.Day > today.AddDays(-ErrorGroup.MaxDays));
        foreach (var day in recent.Where(day => day.Count > counts.GetValueOrDefault(day.Day)))
        {
            missing += day.Count - counts.GetValueOrDefault(day.Day);
            counts[day.Day] = day.Count;
        }

        return missing == 0
            ? group
            : group with { Count = group.Count + missing, Days = Newest(counts.Select(day => new ErrorDay(day.Key, day.Value))) };
    }

    /// <summary>
    /// Returns whether the release is later than the other one. Releases that are not versions can't be ordered: one that this group
    /// has not seen counts as later.
    /// </summary>
    private static bool IsNews(ErrorGroup group, string release, string than) => ReleaseOrder.Compare(release, than) is { } order
        ? order > 0
        : release != group.FirstRelease && release != group.LastRelease && release != group.ResolvedIn;

    private static ErrorDay[] Newest(IEnumerable<ErrorDay> days) =>
    [
        .. days.GroupBy(day => day.Day)
            .Select(day => new ErrorDay(day.Key, day.Sum(part => part.Count)))
            .OrderByDescending(day => day.Day)
            .Take(ErrorGroup.MaxDays),
    ];

    private static ErrorSample[] Newest(IReadOnlyList<ErrorSample> known, IReadOnlyList<ErrorSample> more) =>
        [.. more.Concat(known).OrderByDescending(sample => sample.At).Take(ErrorGroup.MaxSamples)];

    private static string[] Union(IReadOnlyList<string> known, IReadOnlyList<string> more) =>
        [.. known.Union(more, StringComparer.Ordinal).Take(ErrorGroup.MaxJobTypes)];

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
