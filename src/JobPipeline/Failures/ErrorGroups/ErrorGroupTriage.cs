using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Failures.ErrorGroups;

/// <summary>Triages error groups.</summary>
internal sealed class ErrorGroupTriage
{
    private const int MaxRounds = 20;

    private readonly IErrorGroupStore _store;
    private readonly JobClient _jobs;
    private readonly ILogger<ErrorGroupTriage> _logger;

    public ErrorGroupTriage(IErrorGroupStore store, JobClient jobs, ILogger<ErrorGroupTriage> logger) =>
        (_store, _jobs, _logger) = (store, jobs, logger);

    /// <summary>Resolves a group. Returns null if it does not exist.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="release">The release that fixes it; an occurrence in a later release reopens it as a regression.</param>
    /// <param name="by">Who requested it, for the audit log.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<ErrorGroup?> ResolveAsync(string id, string release, string by, CancellationToken cancellationToken) =>
        ChangeAsync(id, group => group.Resolved(release), by, cancellationToken);

    /// <summary>Ignores a group: it is only counted. Returns null if it does not exist.</summary>
    /// <inheritdoc cref="ResolveAsync" path="/param"/>
    public Task<ErrorGroup?> IgnoreAsync(string id, string by, CancellationToken cancellationToken) =>
        ChangeAsync(id, ErrorGroupRules.Ignored, by, cancellationToken);

    /// <summary>Reopens a resolved or ignored group. Returns null if it does not exist.</summary>
    /// <inheritdoc cref="ResolveAsync" path="/param"/>
    public Task<ErrorGroup?> ReopenAsync(string id, string by, CancellationToken cancellationToken) =>
        ChangeAsync(id, ErrorGroupRules.Reopened, by, cancellationToken);

    /// <summary>Enqueues a job that recounts the group's stored failures. Returns null if the group does not exist.</summary>
    public async Task<JobId?> RecountAsync(string id, CancellationToken cancellationToken) =>
        await _store.ReadAsync(id, cancellationToken) is null
            ? null
            : (await _jobs.EnqueueAsync(JobRequest.For(ErrorRecountJob.Type, new ErrorRecountPayload(id)), cancellationToken)).Id;

    private async Task<ErrorGroup?> ChangeAsync(
        string id, Func<ErrorGroup, ErrorGroup> change, string by, CancellationToken cancellationToken)
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

        throw new InvalidOperationException($"Changing error group {id} failed after {MaxRounds} concurrent modifications; try again.");
    }
}
