using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Http.Failures;
using JobPipeline.Http.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The rows of the table for error groups.</summary>
internal static class ErrorOperations
{
    private static readonly ApiAnswer BadRequest = new(400, "The request is not valid; 'errors' tells everything that is wrong.");
    private static readonly ApiAnswer NotFound = new(404, "No such error group.");
    private static readonly ApiAnswer TooLarge = new(413, "The body is too large.");
    private static readonly ApiAnswer NotJson = new(415, "The body is not JSON.");
    private static readonly ApiAnswer Shown = new(200, "The error group.", typeof(ErrorGroupView));
    private static readonly ApiAnswer Enqueued = new(202, "A job does it.", typeof(SubmittedJob));
    private static readonly ApiParameter Id = new("id", typeof(string), "The error group's id.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listErrors", "GET", ApiRoutes.ListErrors, "Lists error groups, the last seen first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer groups than asked for, even none, and still not be the last: go on while there is a nextCursor.",
            Parameters =
            [
                new("state", typeof(ErrorGroupState?), "Only groups in this state."),
                new("type", typeof(string), "Only groups that were seen in jobs of this type."),
                new("limit", typeof(int?), "Most groups on the page.") { Range = (ErrorEndpoints.DefaultLimit, IErrorGroupStore.MaxLimit) },
                new("cursor", typeof(string), "The nextCursor of the page before."),
            ],
            Answers = [new(200, "A page.", typeof(ErrorGroupListView)), BadRequest],
        },
        new("getError", "GET", ApiRoutes.GetError, "Shows an error group: counts by day, releases, the newest failures.") { Parameters = [Id], Answers = [Shown, NotFound] },
        new("resolveError", "POST", ApiRoutes.ResolveError, "Says that it is mended; seen in a later release, it is open again as a regression.")
        {
            Parameters = [Id],
            Body = new ApiBody(typeof(ResolveRequest)),
            Answers = [Shown, BadRequest, NotFound, TooLarge, NotJson],
        },
        new("ignoreError", "POST", ApiRoutes.IgnoreError, "Counts it, and no more.") { Parameters = [Id], Answers = [Shown, NotFound] },
        new("reopenError", "POST", ApiRoutes.ReopenError, "Takes back that it is resolved or ignored.") { Parameters = [Id], Answers = [Shown, NotFound] },
        new("recountError", "POST", ApiRoutes.RecountError, "Counts its failures again, from what is on record.") { Parameters = [Id], Answers = [Enqueued, NotFound] },
        new("replayError", "POST", ApiRoutes.ReplayError, "Replays all its dead letters.")
        {
            Parameters = [Id],
            Body = new ApiBody(typeof(ReplayGroupRequest)),
            Answers =
            [
                new(200, "With dryRun: how many there are.", typeof(DeadLetterCounts)),
                new(202, "The job that replays them.", typeof(BulkReplayView)),
                BadRequest,
                NotFound,
                TooLarge,
                NotJson,
            ],
        },
    ];
}
