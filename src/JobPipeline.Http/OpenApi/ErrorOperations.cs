using JobPipeline.Failures.DeadLetters;
using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Http.Failures;
using JobPipeline.Http.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The operations for error groups.</summary>
internal static class ErrorOperations
{
    private static readonly ApiAnswer BadRequest = new(400, "The request is not valid; 'errors' lists all validation errors.");
    private static readonly ApiAnswer NotFound = new(404, "Unknown error group.");
    private static readonly ApiAnswer TooLarge = new(413, "The body is too large.");
    private static readonly ApiAnswer NotJson = new(415, "The body is not JSON.");
    private static readonly ApiAnswer Shown = new(200, "The error group.", typeof(ErrorGroupView));
    private static readonly ApiAnswer Enqueued = new(202, "The job that recounts the failures.", typeof(SubmittedJob));
    private static readonly ApiParameter Id = new("id", typeof(string), "The id of the error group.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listErrors", "GET", ApiRoutes.ListErrors, "Lists error groups, most recently seen first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer groups than requested, even none, without being the last; continue while there is a "
                + "nextCursor.",
            Parameters =
            [
                new("state", typeof(ErrorGroupState?), "Only groups in this state."),
                new("type", typeof(string), "Only groups with failures of this job type."),
                new("limit", typeof(int?), "The maximum number of groups on the page.")
                {
                    Range = (ErrorEndpoints.DefaultLimit, IErrorGroupStore.MaxLimit),
                },
                new("cursor", typeof(string), "The nextCursor of the previous page."),
            ],
            Answers = [new(200, "A page.", typeof(ErrorGroupListView)), BadRequest],
        },
        new("getError", "GET", ApiRoutes.GetError, "Gets an error group: counts by day, releases, and the newest failures.")
        {
            Parameters = [Id],
            Answers = [Shown, NotFound],
        },
        new(
            "resolveError",
            "POST",
            ApiRoutes.ResolveError,
            "Marks the error group as resolved; a failure in a later release reopens it as a regression.")
        {
            Parameters = [Id],
            Body = new ApiBody(typeof(ResolveRequest)),
            Answers = [Shown, BadRequest, NotFound, TooLarge, NotJson],
        },
        new("ignoreError", "POST", ApiRoutes.IgnoreError, "Marks the error group as ignored; its failures are still counted.")
        {
            Parameters = [Id],
            Answers = [Shown, NotFound],
        },
        new("reopenError", "POST", ApiRoutes.ReopenError, "Reopens a resolved or ignored error group.")
        {
            Parameters = [Id],
            Answers = [Shown, NotFound],
        },
        new("recountError", "POST", ApiRoutes.RecountError, "Enqueues a job that recounts the group's failures from the job records.")
        {
            Parameters = [Id],
            Answers = [Enqueued, NotFound],
        },
        new("replayError", "POST", ApiRoutes.ReplayError, "Replays all dead letters of the error group.")
        {
            Parameters = [Id],
            Body = new ApiBody(typeof(ReplayGroupRequest)),
            Answers =
            [
                new(200, "With dryRun: the number of matching dead letters.", typeof(DeadLetterCounts)),
                new(202, "The job that replays them.", typeof(BulkReplayView)),
                BadRequest,
                NotFound,
                TooLarge,
                NotJson,
            ],
        },
    ];
}
