using JobPipeline.Http.Limits;
using JobPipeline.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The operations of limits.</summary>
internal static class LimitOperations
{
    private static readonly ApiParameter[] OfGate =
    [
        new("name", typeof(string), "The limit."),
        new("key", typeof(string), "The key, for a limit that is divided by one: a tenant, a group, or a value of the payload."),
    ];

    private static readonly ApiAnswer Shown = new(200, "The limit for this key.", typeof(GateView));
    private static readonly ApiAnswer NotFound = new(404, "Unknown limit.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("listLimits", "GET", ApiRoutes.ListLimits, "Lists the limits, with the keys for which jobs wait.")
        {
            Answers = [new(200, "The limits.", typeof(LimitListView))],
        },
        new("getLimit", "GET", ApiRoutes.GetLimit, "Gets a limit for one key: who holds it, and who waits.")
        {
            Parameters = OfGate,
            ChecksQuery = true,
            Answers = [Shown, ApiOperations.BadRequest, NotFound],
        },
        new("listLimitJobs", "GET", ApiRoutes.ListLimitJobs, "Lists the jobs that wait at a limit, in the order in which they will start.")
        {
            Parameters =
            [
                .. OfGate,
                new("limit", typeof(int?), "The maximum number of jobs on the page.")
                {
                    Range = (LimitJobsView.DefaultLimit, IJobList.MaxLimit),
                },
                new("cursor", typeof(string), "The nextCursor of the previous page."),
            ],
            ChecksQuery = true,
            Answers = [new(200, "A page.", typeof(LimitJobsView)), ApiOperations.BadRequest, NotFound],
        },
        new(
            "changeLimit",
            "PUT",
            ApiRoutes.ChangeLimit,
            "Replaces the rule of a limit for one key until it is reset. Waiting jobs go by it; running jobs continue.")
        {
            Parameters = OfGate,
            ChecksQuery = true,
            Body = new ApiBody(typeof(LimitChange)) { IsRequired = true },
            Answers = [Shown, ApiOperations.BadRequest, NotFound, ApiOperations.TooLarge, ApiOperations.NotJson],
        },
        new("resetLimit", "DELETE", ApiRoutes.ResetLimit, "Goes back to the configured rule.")
        {
            Parameters = OfGate,
            ChecksQuery = true,
            Answers = [Shown, ApiOperations.BadRequest, NotFound],
        },
        new("pauseLimit", "POST", ApiRoutes.PauseLimit, "Lets no job start at the limit until it is resumed or the time is over.")
        {
            Parameters = OfGate,
            ChecksQuery = true,
            Body = new ApiBody(typeof(LimitClosing)) { IsRequired = true },
            Answers = [Shown, ApiOperations.BadRequest, NotFound, ApiOperations.TooLarge, ApiOperations.NotJson],
        },
        new("resumeLimit", "POST", ApiRoutes.ResumeLimit, "Lets jobs start again.")
        {
            Parameters = OfGate,
            ChecksQuery = true,
            Answers = [Shown, ApiOperations.BadRequest, NotFound],
        },
    ];
}
