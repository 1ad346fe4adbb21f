using Microsoft.AspNetCore.Http;

namespace JobPipeline.Http;

/// <summary>Every route of the API, for a host that maps routes at run time. A test compares it with the operations.</summary>
internal static class ApiRouteTable
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Post(ApiRoutes.SubmitJob, static (api, request, token) => api.Jobs.SubmitAsync(request, request.Value("type"), token)),
        Post(ApiRoutes.SubmitJobs, static (api, request, token) => api.Batches.SubmitAsync(request, token)),
        Get(ApiRoutes.ListJobs, static (api, request, token) => api.JobList.ListAsync(request, token)),
        Get(ApiRoutes.GetJob, static (api, request, token) => api.Jobs.GetAsync(request.Value("id"), token)),
        Post(ApiRoutes.CancelJob, static (api, request, token) => api.Jobs.CancelAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.RunJobNow, static (api, request, token) => api.Jobs.RunNowAsync(request, request.Value("id"), token)),
        Get(ApiRoutes.GetDeadLetter, static (api, request, token) => api.DeadLetters.GetAsync(request.Value("id"), token)),
        Get(ApiRoutes.ListDeadLetters, static (api, request, token) => api.DeadLetters.ListAsync(request, token)),
        Delete(
            ApiRoutes.RemoveDeadLetter,
            static (api, request, token) => api.DeadLetters.RemoveAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.PurgeDeadLetters, static (api, request, token) => api.DeadLetters.PurgeAsync(request, token)),
        Post(ApiRoutes.ReplayDeadLetter, static (api, request, token) => api.Replays.ReplayAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.ReplayDeadLetters, static (api, request, token) => api.Replays.ReplayManyAsync(request, token)),
        Get(ApiRoutes.ListErrors, static (api, request, token) => api.Errors.ListAsync(request, token)),
        Get(ApiRoutes.GetError, static (api, request, token) => api.Errors.GetAsync(request.Value("id"), token)),
        Post(ApiRoutes.ResolveError, static (api, request, token) => api.Errors.ResolveAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.IgnoreError, static (api, request, token) => api.Errors.IgnoreAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.ReopenError, static (api, request, token) => api.Errors.ReopenAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.RecountError, static (api, request, token) => api.Errors.RecountAsync(request, request.Value("id"), token)),
        Post(ApiRoutes.ReplayError, static (api, request, token) => api.Errors.ReplayAsync(request, request.Value("id"), token)),
        Get(ApiRoutes.ListAlerts, static (api, _, token) => api.Alerts.ListAsync(token)),
        Post(ApiRoutes.SilenceAlert, static (api, request, token) => api.Alerts.SilenceAsync(request, request.Value("rule"), token)),
        Post(ApiRoutes.UnsilenceAlert, static (api, request, token) => api.Alerts.UnsilenceAsync(request, request.Value("rule"), token)),
        Post(ApiRoutes.TestAlerts, static (api, request, token) => api.Alerts.TestAsync(request, token)),
        Get(ApiRoutes.OpenApi, static (api, request, _) => Task.FromResult(api.OpenApi.Get(request))),
        Get(ApiRoutes.ListCircuits, static (api, _, token) => api.Circuits.ListAsync(token)),
        Get(ApiRoutes.ListLimits, static (api, _, token) => api.Limits.ListAsync(token)),
        Get(ApiRoutes.GetLimit, static (api, request, token) => api.Limits.GetAsync(request, request.Value("name"), token)),
        Put(ApiRoutes.ChangeLimit, static (api, request, token) => api.Limits.ChangeAsync(request, request.Value("name"), token)),
        Delete(ApiRoutes.ResetLimit, static (api, request, token) => api.Limits.ResetAsync(request, request.Value("name"), token)),
        Post(ApiRoutes.PauseLimit, static (api, request, token) => api.Limits.PauseAsync(request, request.Value("name"), token)),
        Post(ApiRoutes.ResumeLimit, static (api, request, token) => api.Limits.ResumeAsync(request, request.Value("name"), token)),
        Get(ApiRoutes.ListLimitJobs, static (api, request, token) => api.Limits.ListJobsAsync(request, request.Value("name"), token)),
        Get(ApiRoutes.ListInstances, static (api, _, token) => api.Instances.ListAsync(token)),
        Get(ApiRoutes.ListQueues, static (api, _, token) => api.Queues.ListAsync(token)),
        Post(ApiRoutes.PauseQueue, static (api, request, token) => api.Queues.PauseAsync(request, request.Value("name"), token)),
        Post(ApiRoutes.ResumeQueue, static (api, request, token) => api.Queues.ResumeAsync(request, request.Value("name"), token)),
        Get(ApiRoutes.ListJobTypes, static (api, _, token) => api.JobTypes.ListAsync(token)),
        Post(ApiRoutes.PauseJobType, static (api, request, token) => api.JobTypes.PauseAsync(request, request.Value("type"), token)),
        Post(ApiRoutes.ResumeJobType, static (api, request, token) => api.JobTypes.ResumeAsync(request, request.Value("type"), token)),
        Get(ApiRoutes.Live, static (_, _, _) => Task.FromResult(HealthEndpoints.Live())),
        Get(ApiRoutes.Ready, static (api, _, token) => api.Health.ReadyAsync(token)),
        Post(ApiRoutes.StartWorkflow, static (api, request, token) => api.WorkflowStarts.StartAsync(request, request.Value("name"), token)),
        Post(ApiRoutes.StartAdHocWorkflow, static (api, request, token) => api.WorkflowStarts.StartAdHocAsync(request, token)),
        Get(ApiRoutes.ListWorkflowDefinitions, static (api, _, _) => Task.FromResult(api.WorkflowStarts.List())),
        Get(ApiRoutes.ListWorkflows, static (api, request, token) => api.Workflows.ListAsync(request, token)),
        Get(ApiRoutes.GetWorkflow, static (api, request, token) => api.Workflows.GetAsync(request, request.Value("instance"), token)),
        Post(
            ApiRoutes.RaiseWorkflowEvent,
            static (api, request, token) =>
                api.WorkflowControl.RaiseAsync(request, request.Value("instance"), request.Value("name"), token)),
        Post(
            ApiRoutes.TerminateWorkflow,
            static (api, request, token) => api.WorkflowControl.TerminateAsync(request, request.Value("instance"), token)),
        Post(
            ApiRoutes.CancelWorkflow,
            static (api, request, token) => api.WorkflowControl.CancelAsync(request, request.Value("instance"), token)),
        Post(
            ApiRoutes.SuspendWorkflow,
            static (api, request, token) => api.WorkflowControl.SuspendAsync(request, request.Value("instance"), token)),
        Post(
            ApiRoutes.ResumeWorkflow,
            static (api, request, token) => api.WorkflowControl.ResumeAsync(request, request.Value("instance"), token)),
        Post(
            ApiRoutes.RestartWorkflow,
            static (api, request, token) => api.WorkflowControl.RestartAsync(request, request.Value("instance"), token)),
        Post(ApiRoutes.RerunWorkflow, static (api, request, token) => api.WorkflowControl.RerunAsync(request.Value("instance"), token)),
        Delete(ApiRoutes.PurgeWorkflow, static (api, request, token) => api.WorkflowControl.PurgeAsync(request.Value("instance"), token)),
    ];

    private static ApiRoute Get(string template, Func<ApiEndpoints, HttpRequest, CancellationToken, Task<IResult>> endpoint) =>
        new(GetAndHead, template, endpoint);

    private static ApiRoute Post(string template, Func<ApiEndpoints, HttpRequest, CancellationToken, Task<IResult>> endpoint) =>
        new([HttpMethods.Post], template, endpoint);

    private static ApiRoute Put(string template, Func<ApiEndpoints, HttpRequest, CancellationToken, Task<IResult>> endpoint) =>
        new([HttpMethods.Put], template, endpoint);

    private static ApiRoute Delete(string template, Func<ApiEndpoints, HttpRequest, CancellationToken, Task<IResult>> endpoint) =>
        new([HttpMethods.Delete], template, endpoint);

    /// <summary>Returns the value of a placeholder of the route.</summary>
    private static string Value(this HttpRequest request, string placeholder) => (string)request.RouteValues[placeholder]!;
}
