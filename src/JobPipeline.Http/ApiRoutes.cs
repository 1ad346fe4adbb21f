namespace JobPipeline.Http;

/// <summary>The routes of the API, the same on both hosts.</summary>
public static class ApiRoutes
{
    public const string SubmitJob = "api/jobs/{type}";
    public const string SubmitJobs = "api/jobs:batch";
    public const string ListJobs = "api/jobs";
    public const string GetJob = "api/jobs/{id}";
    public const string CancelJob = "api/jobs/{id}/cancel";
    public const string RunJobNow = "api/jobs/{id}/run-now";
    public const string ListDeadLetters = "api/dead-letters";
    public const string GetDeadLetter = "api/dead-letters/{id}";
    public const string RemoveDeadLetter = "api/dead-letters/{id}";
    public const string ReplayDeadLetter = "api/dead-letters/{id}/replay";
    public const string ReplayDeadLetters = "api/dead-letters:replay";
    public const string PurgeDeadLetters = "api/dead-letters:purge";
    public const string ListErrors = "api/errors";
    public const string GetError = "api/errors/{id}";
    public const string ResolveError = "api/errors/{id}/resolve";
    public const string IgnoreError = "api/errors/{id}/ignore";
    public const string ReopenError = "api/errors/{id}/reopen";
    public const string RecountError = "api/errors/{id}/recount";
    public const string ReplayError = "api/errors/{id}/replay";
    public const string ListAlerts = "api/alerts";
    public const string SilenceAlert = "api/alerts/{rule}/silence";
    public const string UnsilenceAlert = "api/alerts/{rule}/unsilence";
    public const string TestAlerts = "api/alerts:test";
    public const string OpenApi = "api/openapi.json";
    public const string ListCircuits = "api/circuits";
    public const string ListLimits = "api/limits";
    public const string GetLimit = "api/limits/{name}";
    public const string ChangeLimit = "api/limits/{name}";
    public const string ResetLimit = "api/limits/{name}";
    public const string PauseLimit = "api/limits/{name}/pause";
    public const string ResumeLimit = "api/limits/{name}/resume";
    public const string ListLimitJobs = "api/limits/{name}/jobs";
    public const string ListInstances = "api/instances";
    public const string ListQueues = "api/queues";
    public const string PauseQueue = "api/queues/{name}/pause";
    public const string ResumeQueue = "api/queues/{name}/resume";
    public const string ListJobTypes = "api/job-types";
    public const string PauseJobType = "api/job-types/{type}/pause";
    public const string ResumeJobType = "api/job-types/{type}/resume";
    public const string StartWorkflow = "api/workflows/{name}";
    public const string StartAdHocWorkflow = "api/workflows";
    public const string ListWorkflows = "api/workflows";
    public const string GetWorkflow = "api/workflows/{instance}";
    public const string ListWorkflowDefinitions = "api/workflow-definitions";
    public const string RaiseWorkflowEvent = "api/workflows/{instance}/events/{name}";
    public const string TerminateWorkflow = "api/workflows/{instance}/terminate";
    public const string CancelWorkflow = "api/workflows/{instance}/cancel";
    public const string SuspendWorkflow = "api/workflows/{instance}/suspend";
    public const string ResumeWorkflow = "api/workflows/{instance}/resume";
    public const string RestartWorkflow = "api/workflows/{instance}/restart";
    public const string RerunWorkflow = "api/workflows/{instance}/rerun";
    public const string PurgeWorkflow = "api/workflows/{instance}";
    public const string Live = "health/live";
    public const string Ready = "health/ready";

    /// <summary>Gets the path of a job.</summary>
    public static string OfJob(JobPipeline.Jobs.JobId id) => $"/api/jobs/{id}";

    /// <summary>Gets the path of a dead letter.</summary>
    public static string OfDeadLetter(JobPipeline.Jobs.JobId id) => $"/api/dead-letters/{id}";

    /// <summary>Gets the path of a workflow instance.</summary>
    public static string OfWorkflow(string instance) => $"/api/workflows/{instance}";

    /// <summary>Gets the path of a step of a workflow instance, which returns the step's full output.</summary>
    public static string OfWorkflowStep(string instance, string step) => $"{OfWorkflow(instance)}?step={Uri.EscapeDataString(step)}";
}
