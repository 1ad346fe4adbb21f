using JobPipeline.Http.Instances;
using JobPipeline.Http.JobTypes;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Limits;
using JobPipeline.Http.Queues;
using JobPipeline.Jobs;

namespace JobPipeline.Http.OpenApi;

/// <summary>The table of the API's operations.</summary>
internal static class ApiOperations
{
    internal const string SubmitJobId = "submitJob";

    internal static readonly ApiAnswer BadRequest = new(400, "The request is not valid; 'errors' lists all validation errors.");
    private static readonly ApiAnswer JobNotFound = new(404, "Unknown job.");
    internal static readonly ApiAnswer TooLarge = new(413, "The body is too large.");
    internal static readonly ApiAnswer NotJson = new(415, "The body is not JSON.");
    internal static readonly ApiParameter JobIdParameter = new("id", typeof(JobId), "The id of the job.");

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new(SubmitJobId, "POST", ApiRoutes.SubmitJob, "Enqueues a job; the body is its payload.")
        {
            ChecksQuery = true,
            Parameters = [new("type", typeof(string), "The job type."), .. SubmitParameters()],
            Body = new ApiBody(null),
            Answers =
            [
                new(202, "Enqueued, or a duplicate of the job with the same key.", typeof(SubmittedJob)),
                BadRequest,
                new(404, "Unknown job type."),
                TooLarge,
                NotJson,
                new(422, "The idempotency key belongs to a job with another payload."),
            ],
        },
        new("submitJobs", "POST", ApiRoutes.SubmitJobs, "Enqueues up to 1,000 jobs.")
        {
            Description = "The status is 200 whatever the results of the items; each item has its own status, in the order of the request. "
                + "An invalid item does not affect the others.",
            Body = new ApiBody(typeof(IReadOnlyList<BatchItem>)) { IsRequired = true, OtherMediaType = "application/x-ndjson" },
            Answers = [new(200, "A result for each item.", typeof(BatchAnswer)), BadRequest, TooLarge, NotJson],
        },
        new("listJobs", "GET", ApiRoutes.ListJobs, "Lists jobs, newest first.")
        {
            ChecksQuery = true,
            Description = "A page may hold fewer jobs than requested, even none, without being the last; continue while there is a "
                + "nextCursor.",
            Parameters =
            [
                new("state", typeof(JobState?), "Only jobs in this state."),
                new("type", typeof(string), "Only jobs of this type."),
                new("tag", typeof(string), "Only jobs with this tag."),
                new(
                    "from",
                    typeof(DateTimeOffset?),
                    "Only jobs enqueued at or after this time. Default: the start of the retention period."),
                new("to", typeof(DateTimeOffset?), "Only jobs enqueued before this time. Default: now."),
                new("limit", typeof(int?), "The maximum number of jobs on the page.")
                {
                    Range = (JobListEndpoints.DefaultLimit, IJobList.MaxLimit),
                },
                new("cursor", typeof(string), "The nextCursor of the previous page."),
            ],
            Answers = [new(200, "A page.", typeof(JobListView)), BadRequest],
        },
        new(
            "getJob",
            "GET",
            ApiRoutes.GetJob,
            "Gets a job: state, payload, attempts, progress, result, children, and what it is waiting for.")
        {
            Parameters = [JobIdParameter],
            Answers = [new(200, "The job.", typeof(JobView)), JobNotFound],
        },
        new("cancelJob", "POST", ApiRoutes.CancelJob, "Cancels a waiting job; requests a running job to stop.")
        {
            Parameters = [JobIdParameter],
            Body = new ApiBody(typeof(CancelRequest)),
            Answers =
            [
                new(202, "Cancelled, or requested to stop.", typeof(CancelView)),
                BadRequest,
                JobNotFound,
                new(409, "The job has already ended."),
                TooLarge,
                NotJson,
            ],
        },
        new("runJobNow", "POST", ApiRoutes.RunJobNow, "Starts a waiting job whatever its limits, pauses and due time.")
        {
            Parameters = [JobIdParameter],
            Body = new ApiBody(typeof(RunNowRequest)),
            Answers =
            [
                new(202, "Its message was sent.", typeof(RunNowView)),
                BadRequest,
                JobNotFound,
                new(409, "The job is running or has ended."),
                TooLarge,
                NotJson,
            ],
        },
        .. DeadLetterOperations.All,
        new(
            "listCircuits",
            "GET",
            ApiRoutes.ListCircuits,
            "Lists the circuits that job types use, with the instances on which they are not closed.")
        {
            Answers = [new(200, "The circuits.", typeof(CircuitListView))],
        },
        .. LimitOperations.All,
        .. ErrorOperations.All,
        .. AlertOperations.All,
        .. WorkflowOperations.All,
        new(
            "listInstances",
            "GET",
            ApiRoutes.ListInstances,
            "Lists the instances as of their last heartbeats: jobs in flight, memory, resource governor, open circuits.")
        {
            Answers = [new(200, "The instances; at most 500, running ones first.", typeof(InstanceListView))],
        },
        new("listQueues", "GET", ApiRoutes.ListQueues, "Lists the queues: depth, age of the oldest due job, paused or not.")
        {
            Answers = [new(200, "The queues.", typeof(QueueListView))],
        },
        .. Pausable(
            "Queue",
            ApiRoutes.PauseQueue,
            ApiRoutes.ResumeQueue,
            new ApiParameter("name", typeof(string), "The queue: jobs-high, jobs or jobs-low."),
            "Unknown queue."),
        new("listJobTypes", "GET", ApiRoutes.ListJobTypes, "Lists the job types with their policies in force, paused or not.")
        {
            Answers = [new(200, "The job types.", typeof(JobTypeListView))],
        },
        .. Pausable(
            "JobType",
            ApiRoutes.PauseJobType,
            ApiRoutes.ResumeJobType,
            new ApiParameter("type", typeof(string), "The job type."),
            "Unknown job type."),
        new("getOpenApi", "GET", ApiRoutes.OpenApi, "Gets this document.")
        {
            Answers = [new(200, "OpenAPI 3.1.", typeof(object)), new(304, "The document matches the ETag of the request.")],
        },
        new("getLive", "GET", ApiRoutes.Live, "Liveness probe.")
        {
            Answers = [new(200, "The process is alive.", typeof(HealthView))],
            IsOpen = true,
        },
        new("getReady", "GET", ApiRoutes.Ready, "Readiness probe.")
        {
            Answers =
            [
                new(200, "The instance is ready to run jobs.", typeof(HealthView)),
                new(503, "The instance is not ready; 'checks' lists the reasons.", typeof(HealthView)),
            ],
        },
    ];

    private static ApiOperation[] Pausable(string what, string pause, string resume, ApiParameter name, string notFound) =>
    [
        new($"pause{what}", "POST", pause, "Stops starting its jobs, on every instance within seconds; running jobs continue.")
        {
            Parameters = [name],
            Body = new ApiBody(typeof(PauseBody)),
            Answers = [new(200, "Paused.", typeof(PausedView)), BadRequest, new(404, notFound), TooLarge, NotJson],
        },
        new($"resume{what}", "POST", resume, "Resumes starting its jobs.")
        {
            Parameters = [name],
            Answers = [new(200, "No longer paused.", typeof(PausedView)), new(404, notFound)],
        },
    ];

    private static ApiParameter[] SubmitParameters() =>
    [
        new(Submission.KeyHeader, typeof(string), "A second request with the same type and key returns the first job.") { IsHeader = true },
        new("delay", typeof(TimeSpan?), "The time to wait before the job may start."),
        new("queue", typeof(string), "The queue: jobs-high, jobs or jobs-low. Default: the job type's queue."),
        new("tag", typeof(IReadOnlyList<string>), "A tag to list jobs by; may be repeated."),
        new("correlationId", typeof(string), "The caller's correlation id."),
        new("tenant", typeof(string), "The customer, account or user that the job is for; limits can be divided by it."),
        new("group", typeof(string), "What limits can be divided by if the tenant does not fit. Default: the tenant."),
    ];
}
