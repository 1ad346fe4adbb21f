using JobPipeline.Http.JobTypes;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Limits;
using JobPipeline.Http.Queues;
using JobPipeline.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The table of the API's methods.</summary>
public static class ApiOperations
{
    internal const string SubmitJobId = "submitJob";

    internal static readonly ApiAnswer BadRequest = new(400, "The request is not valid; 'errors' tells everything that is wrong.");
    private static readonly ApiAnswer JobNotFound = new(404, "No such job.");
    internal static readonly ApiAnswer TooLarge = new(413, "The body is too large.");
    internal static readonly ApiAnswer NotJson = new(415, "The body is not JSON.");
    internal static readonly ApiParameter JobIdParameter = new("id", typeof(JobId), "The job's id.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new(SubmitJobId, "POST", ApiRoutes.SubmitJob, "Enqueues a job; the body is its payload.")
        {
            ChecksQuery = true,
            Parameters = [new("type", typeof(string), "The job type."), .. SubmitParameters()],
            Body = new ApiBody(null),
            Answers =
            [
                new(202, "Enqueued, or a duplicate of the job that holds the key.", typeof(SubmittedJob)),
                BadRequest,
                new(404, "No such job type."),
                TooLarge,
                NotJson,
                new(422, "The idempotency key is taken by another payload."),
            ],
        },
        new("submitJobs", "POST", ApiRoutes.SubmitJobs, "Enqueues up to 1,000 jobs.")
        {
            Description = "The answer is 200 whatever became of the items; each has a status of its own, in their order. One bad item harms no other.",
            Body = new ApiBody(typeof(IReadOnlyList<BatchItem>)) { IsRequired = true, OtherMediaType = "application/x-ndjson" },
            Answers = [new(200, "An answer for each item.", typeof(BatchAnswer)), BadRequest, TooLarge, NotJson],
        },
        new("listJobs", "GET", ApiRoutes.ListJobs, "Lists jobs, newest first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer jobs than asked for, even none, and still not be the last: go on while there is a nextCursor.",
            Parameters =
            [
                new("state", typeof(JobState?), "Only jobs in this state."),
                new("type", typeof(string), "Only jobs of this type."),
                new("tag", typeof(string), "Only jobs with this tag."),
                new("from", typeof(DateTimeOffset?), "Not older than this. Default: as far back as ended jobs are kept."),
                new("to", typeof(DateTimeOffset?), "Older than this. Default: now."),
                new("limit", typeof(int?), "Most jobs on the page.") { Range = (JobListEndpoints.DefaultLimit, IJobList.MaxLimit) },
                new("cursor", typeof(string), "The nextCursor of the page before."),
            ],
            Answers = [new(200, "A page.", typeof(JobListView)), BadRequest],
        },
        new("getJob", "GET", ApiRoutes.GetJob, "Shows a job: state, payload, attempts, progress, result, children, what it waits for.")
        {
            Parameters = [JobIdParameter],
            Answers = [new(200, "The job.", typeof(JobView)), JobNotFound],
        },
        new("cancelJob", "POST", ApiRoutes.CancelJob, "Cancels a job that waits; asks one that runs to stop.")
        {
            Parameters = [JobIdParameter],
            Body = new ApiBody(typeof(CancelRequest)),
            Answers = [new(202, "Cancelled or requested.", typeof(CancelView)), BadRequest, JobNotFound, new(409, "The job has ended already."), TooLarge, NotJson],
        },
        .. DeadLetterOperations.All,
        new("listCircuits", "GET", ApiRoutes.ListCircuits, "Lists the circuits that job types name, and on which instances they are not closed.") { Answers = [new(200, "The circuits.", typeof(CircuitListView))] },
        .. ErrorOperations.All,
        .. AlertOperations.All,
        .. WorkflowOperations.All,
        new("listQueues", "GET", ApiRoutes.ListQueues, "Lists the lanes: depth, how long the oldest due job waits, paused or not.") { Answers = [new(200, "The lanes.", typeof(QueueListView))] },
        .. Pausable("Queue", ApiRoutes.PauseQueue, ApiRoutes.ResumeQueue, new ApiParameter("name", typeof(string), "The lane: jobs-high, jobs or jobs-low."), "No such queue."),
        new("listJobTypes", "GET", ApiRoutes.ListJobTypes, "Lists the job types with the policies in force, paused or not.") { Answers = [new(200, "The job types.", typeof(JobTypeListView))] },
        .. Pausable("JobType", ApiRoutes.PauseJobType, ApiRoutes.ResumeJobType, new ApiParameter("type", typeof(string), "The job type."), "No such job type."),
        new("getOpenApi", "GET", ApiRoutes.OpenApi, "This document.") { Answers = [new(200, "OpenAPI 3.1.", typeof(object)), new(304, "As under the ETag that was sent.")] },
        new("getLive", "GET", ApiRoutes.Live, "The process answers.") { Answers = [new(200, "It does.", typeof(HealthView))], IsOpen = true },
        new("getReady", "GET", ApiRoutes.Ready, "Jobs would run.")
        {
            Answers = [new(200, "They would.", typeof(HealthView)), new(503, "They would not; the checks tell why.", typeof(HealthView))],
        },
    ];

    private static ApiOperation[] Pausable(string what, string pause, string resume, ApiParameter name, string notFound) =>
    [
        new($"pause{what}", "POST", pause, "Starts no more of its jobs, on every instance within seconds; what is running goes on.")
        {
            Parameters = [name],
            Body = new ApiBody(typeof(PauseBody)),
            Answers = [new(200, "Paused.", typeof(PausedView)), BadRequest, new(404, notFound), TooLarge, NotJson],
        },
        new($"resume{what}", "POST", resume, "Starts its jobs again.")
        {
            Parameters = [name],
            Answers = [new(200, "Not paused.", typeof(PausedView)), new(404, notFound)],
        },
    ];

    private static ApiParameter[] SubmitParameters() =>
    [
        new(Submission.KeyHeader, typeof(string), "A second job of the same type and key is not made.") { IsHeader = true },
        new("delay", typeof(TimeSpan?), "Not to start before so long from now."),
        new("queue", typeof(string), "The lane: jobs-high, jobs or jobs-low. Default: the type's own."),
        new("tag", typeof(IReadOnlyList<string>), "Labels to list jobs by; may be repeated."),
        new("correlationId", typeof(string), "The caller's own id for the work."),
    ];
}
