using JobPipeline.Failures.DeadLetters;
using JobPipeline.Http.Failures;
using JobPipeline.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The part of the table that is about dead letters.</summary>
internal static class DeadLetterOperations
{
    private static readonly ApiAnswer NotFound = new(404, "No such dead letter.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listDeadLetters", "GET", ApiRoutes.ListDeadLetters, "Lists dead letters, newest first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer letters than asked for, even none, and still not be the last: go on while there is a nextCursor.",
            Parameters =
            [
                new("type", typeof(string), "Only such of this job type."),
                new("reason", typeof(DeadLetterReason?), "Only such with this reason."),
                new("errorGroup", typeof(string), "Only such whose last error is of this group."),
                new("from", typeof(DateTimeOffset?), "Not kept before this."),
                new("to", typeof(DateTimeOffset?), "Kept before this."),
                new("olderThan", typeof(TimeSpan?), "Kept longer ago than that; instead of 'to'."),
                new("newerThan", typeof(TimeSpan?), "Kept since then; instead of 'from'."),
                new("replayed", typeof(bool?), "true: such that were replayed; false: such that were not."),
                new("limit", typeof(int?), "Most letters on the page.") { Range = (DeadLetterEndpoints.DefaultLimit, DeadLetterEndpoints.MaxLimit) },
                new("cursor", typeof(string), "The nextCursor of the page before."),
            ],
            Answers = [new(200, "A page.", typeof(DeadLetterListView)), ApiOperations.BadRequest],
        },
        new("getDeadLetter", "GET", ApiRoutes.GetDeadLetter, "Shows a dead letter: why, every attempt, its payload, and the message as it came.")
        {
            Parameters = [ApiOperations.JobIdParameter],
            Answers = [new(200, "The dead letter.", typeof(DeadLetterView)), NotFound],
        },
        new("removeDeadLetter", "DELETE", ApiRoutes.RemoveDeadLetter, "Removes a dead letter for good.")
        {
            Parameters = [ApiOperations.JobIdParameter],
            Answers = [new(204, "Removed."), NotFound],
        },
        new("replayDeadLetter", "POST", ApiRoutes.ReplayDeadLetter, "Makes a new job of a dead letter, with another payload or type if need be.")
        {
            Parameters = [ApiOperations.JobIdParameter],
            Body = new ApiBody(typeof(ReplayBody)),
            Answers =
            [
                new(202, "The new job.", typeof(ReplayedView)),
                ApiOperations.BadRequest,
                NotFound,
                new(409, "It was replayed (already-replayed), or somebody is at it (being-replayed); 'job' is the address of that job."),
                ApiOperations.TooLarge,
                ApiOperations.NotJson,
                new(422, "Nothing could run it like this; 'errors' tells what is wrong with 'type' and 'payload'."),
            ],
        },
        new("replayDeadLetters", "POST", ApiRoutes.ReplayDeadLetters, "Enqueues a job that replays dead letters at a rate; or counts them.")
        {
            Description = "Letters that were replayed are passed over, and so are those that are kept after the request.",
            Body = new ApiBody(typeof(BulkReplayRequest)),
            Answers =
            [
                new(200, "With dryRun: how many there are.", typeof(DeadLetterCounts)),
                new(202, "The job that replays them.", typeof(BulkReplayView)),
                ApiOperations.BadRequest,
                ApiOperations.TooLarge,
                ApiOperations.NotJson,
            ],
        },
        new("purgeDeadLetters", "POST", ApiRoutes.PurgeDeadLetters, "Removes up to 1,000 dead letters for good; or counts them.")
        {
            Description = "Go on while there is a nextCursor. A filter without any bound is refused. With dryRun the answer is a DeadLetterCounts.",
            Body = new ApiBody(typeof(PurgeRequest)) { IsRequired = true },
            Answers = [new(200, "What was removed.", typeof(PurgeView)), ApiOperations.BadRequest, ApiOperations.TooLarge, ApiOperations.NotJson],
        },
    ];
}
