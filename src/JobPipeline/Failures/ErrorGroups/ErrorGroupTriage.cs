using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>What people do about error groups.</summary>
public sealed class ErrorGroupTriage
{
    private const int MaxRounds = 20;

    private readonly IErrorGroupStore _store;
    private readonly JobClient _jobs;
    private readonly ILogger<ErrorGroupTriage> _logger;

    internal ErrorGroupTriage(IErrorGroupStore store, JobClient jobs, ILogger<ErrorGroupTriage> logger) => (_store, _jobs, _logger) = (store, jobs, logger);

    /// <summary>Says that it is mended in that release. Null: there is no such group.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="release">Seen in a later one, it is open again as a regression.</param>
    /// <param name="by">Who says so; goes into the audit log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ErrorGroup?> ResolveAsync(string id, string release, string by, CancellationToken cancellationToken) =>
        ChangeAsync(id, group => group.Resolved(release), by, cancellationToken);

    /// <summary>Counts it, and no more. Null: there is no such group.</summary>
    /// <inheritdoc cref="ResolveAsync" path="/param"/>
    public Task<ErrorGroup?> IgnoreAsync(string id, string by, CancellationToken cancellationToken) => ChangeAsync(id, ErrorGroupRules.Ignored, by, cancellationToken);

    /// <summary>Takes back what was said of it. Null: there is no such group.</summary>
    /// <inheritdoc cref="ResolveAsync" path="/param"/>
    public Task<ErrorGroup?> ReopenAsync(string id, string by, CancellationToken cancellationToken) => ChangeAsync(id, ErrorGroupRules.Reopened, by, cancellationToken);

    /// <summary>Enqueues a job that counts the group's failures again, from what is on record. Null: there is no such group.</summary>
    public async Task<JobId?> RecountAsync(string id, CancellationToken cancellationToken) =>
        await _store.ReadAsync(id, cancellationToken) is null
            ? null
            : (await _jobs.EnqueueAsync(JobRequest.For(ErrorRecountJob.Type, new ErrorRecountPayload(id)), cancellationToken)).Id;

    private async Task<ErrorGroup?> ChangeAsync(string id, Func<ErrorGroup, ErrorGroup> change, string by, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await _store.ReadAsync(id, cancellationToken) is not { } before)
                return null;
            var after = change(before);
            if (after == before)
                return before;
            if (await _store.TryWriteAsync(before, after, cancellationToken) is not { } version)
                continue;
            ErrorLog.Changed(_logger, id, after.State, by);
            return after with { Version = version };
        }

        throw new InvalidOperationException($"Error group {id} would not hold still.");
    }
}
