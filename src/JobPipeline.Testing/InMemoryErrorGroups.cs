using System.Globalization;
using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.Testing;

/// <summary>An in-memory store of error groups.</summary>
internal sealed class InMemoryErrorGroupStore : IErrorGroupStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ErrorGroup> _groups = new(StringComparer.Ordinal);
    private long _version;

    public Task<ErrorGroup?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_groups.GetValueOrDefault(id));
        }
    }

    public Task<string?> TryWriteAsync(ErrorGroup? before, ErrorGroup after, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_groups.GetValueOrDefault(after.Id)?.Version != before?.Version)
                return Task.FromResult<string?>(null);
            var version = (++_version).ToString(CultureInfo.InvariantCulture);
            _groups[after.Id] = after with { Version = version };
            return Task.FromResult<string?>(version);
        }
    }

    public Task<ErrorGroupPage> ListAsync(ErrorGroupFilter filter, ErrorGroupPlace? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IErrorGroupStore.MaxLimit);
        var matches = All().Select(ErrorGroupSummary.Of).Where(group => filter.Matches(group) && after?.Precedes(group) != false)
            .OrderByDescending(group => group.LastSeenAt).ThenBy(group => group.Id, StringComparer.Ordinal).Take(limit + 1).ToList();
        var page = matches.Take(limit).ToList();
        var next = matches.Count > limit ? new ErrorGroupPlace(page[^1].LastSeenAt, page[^1].Id) : null;
        return Task.FromResult(new ErrorGroupPage(page, next));
    }

    public Task<bool> TryRemoveAsync(ErrorGroup group, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_groups.GetValueOrDefault(group.Id)?.Version == group.Version && _groups.Remove(group.Id));
        }
    }

    /// <summary>Returns all error groups, in no particular order.</summary>
    public IReadOnlyList<ErrorGroup> All()
    {
        lock (_lock)
        {
            return [.. _groups.Values];
        }
    }
}

/// <summary>Lists the failures among the attempts of an <see cref="InMemoryJobStore"/>.</summary>
internal sealed class InMemoryErrorGroupHistory(InMemoryJobStore jobs) : IErrorGroupHistory
{
    private const int PageSize = 100;

    public Task<ErrorHistoryPage> ReadAsync(string group, string? position, CancellationToken cancellationToken)
    {
        var skipped = position is null ? 0 : int.Parse(position, CultureInfo.InvariantCulture);
        var found = jobs.All().SelectMany(job => job.Attempts).Where(attempt => attempt.Error?.Group == group)
            .Skip(skipped).Take(PageSize + 1).Select(attempt => attempt.Error!.At).ToList();
        return Task.FromResult(new ErrorHistoryPage(
            [.. found.Take(PageSize)], found.Count > PageSize ? (skipped + PageSize).ToString(CultureInfo.InvariantCulture) : null));
    }
}
