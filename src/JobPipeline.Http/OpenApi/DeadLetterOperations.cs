using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The operations for dead letters.</summary>
internal static class DeadLetterOperations
{
    private static readonly ApiAnswer NotFound = new(404, "Unknown dead letter.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listDeadLetters", "GET", ApiRoutes.ListDeadLetters, "Lists dead letters, newest first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer dead letters than requested, even none, without being the last; continue while there is a "
                + "nextCursor.",
            Parameters =
            [
                new("type", typeof(string), "Only dead letters of this job type."),
                new("reason", typeof(DeadLetterReason?), "Only dead letters with this reason."),
                new("errorGroup", typeof(string), "Only dead letters whose last error belongs to this error group."),
                new("from", typeof(DateTimeOffset?), "Only dead letters stored at or after this time."),
                new("to", typeof(DateTimeOffset?), "Only dead letters stored before this time."),
                new("olderThan", typeof(TimeSpan?), "Only dead letters older than this; an alternative to 'to'."),
                new("newerThan", typeof(TimeSpan?), "Only dead letters at most this old; an alternative to 'from'."),
                new("replayed", typeof(bool?), "true: only replayed dead letters; false: only dead letters that were not replayed."),
                new("limit", typeof(int?), "The maximum number of dead letters on the page.")
                {
                    Range = (DeadLetterEndpoints.DefaultLimit, DeadLetterEndpoints.MaxLimit),
                },
                new("cursor", typeof(string), "The nextCursor of the previous page."),
            ],
            Answers = [new(200, "A page.", typeof(DeadLetterListView)), ApiOperations.BadRequest],
        },
        new(
            "getDeadLetter",
            "GET",
            ApiRoutes.GetDeadLetter,
            "Gets a dead letter: reason, every attempt, payload, original message, and replays.")
        {
            Parameters = [ApiOperations.JobIdParameter],
            Answers = [new(200, "The dead letter.", typeof(DeadLetterView)), NotFound],
        },
        new("removeDeadLetter", "DELETE", ApiRoutes.RemoveDeadLetter, "Deletes a dead letter permanently.")
        {
            Parameters = [ApiOperations.JobIdParameter],
            Answers = [new(204, "Deleted."), NotFound],
        },
        new(
            "replayDeadLetter",
            "POST",
            ApiRoutes.ReplayDeadLetter,
            "Replays a dead letter as a new job, optionally with another payload or type.")
        {
            Parameters = [ApiOperations.JobIdParameter],
            Body = new ApiBody(typeof(ReplayBody)),
            Answers =
            [
                new(202, "The new job.", typeof(ReplayedView)),
                ApiOperations.BadRequest,
                NotFound,
                new(409, "Already replayed (already-replayed) or being replayed (being-replayed); 'job' is the path of the new job."),
                ApiOperations.TooLarge,
                ApiOperations.NotJson,
                new(422, "The type or payload is not valid; 'errors' lists the validation errors of 'type' and 'payload'."),
            ],
        },
        new(
            "replayDeadLetters",
            "POST",
            ApiRoutes.ReplayDeadLetters,
            "Enqueues a job that replays dead letters at a limited rate, or counts them.")
        {
            Description = "Skips dead letters that were already replayed or that are stored after the request.",
            Body = new ApiBody(typeof(BulkReplayRequest)),
            Answers =
            [
                new(200, "With dryRun: the number of matching dead letters.", typeof(DeadLetterCounts)),
                new(202, "The job that replays them.", typeof(BulkReplayView)),
                ApiOperations.BadRequest,
                ApiOperations.TooLarge,
                ApiOperations.NotJson,
            ],
        },
        new("purgeDeadLetters", "POST", ApiRoutes.PurgeDeadLetters, "Deletes up to 1,000 dead letters permanently, or counts them.")
        {
            Description = "Continue while there is a nextCursor. A filter without any bound is rejected. With dryRun, the response is a "
                + "DeadLetterCounts.",
            Body = new ApiBody(typeof(PurgeRequest)) { IsRequired = true },
            Answers =
            [
                new(200, "The number of deleted dead letters.", typeof(PurgeView)),
                ApiOperations.BadRequest,
                ApiOperations.TooLarge,
                ApiOperations.NotJson,
            ],
        },
    ];
}
