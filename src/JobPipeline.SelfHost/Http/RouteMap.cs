using JobPipeline.Http;
using JobPipeline.Http.Alerts;
using JobPipeline.Http.Failures;
using JobPipeline.Http.JobTypes;
using JobPipeline.Http.Jobs;
using JobPipeline.Http.Limits;
using JobPipeline.Http.OpenApi;
using JobPipeline.Http.Queues;
using JobPipeline.Http.Workflows;

namespace JobPipeline.SelfHost.Http;

/// <summary>Maps the API's endpoints to the routes of this host.</summary>
internal static class RouteMap
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            ApiRoutes.SubmitJob,
            (JobEndpoints jobs, HttpRequest request, string type, CancellationToken token) => jobs.SubmitAsync(request, type, token));
        routes.MapPost(
            ApiRoutes.SubmitJobs,
            (BatchEndpoints batches, HttpRequest request, CancellationToken token) => batches.SubmitAsync(request, token));
        routes.MapGetAndHead(
            ApiRoutes.ListJobs, (JobListEndpoints jobs, HttpRequest request, CancellationToken token) => jobs.ListAsync(request, token));
        routes.MapGetAndHead(ApiRoutes.GetJob, (JobEndpoints jobs, string id, CancellationToken token) => jobs.GetAsync(id, token));
        routes.MapPost(
            ApiRoutes.CancelJob,
            (JobEndpoints jobs, HttpRequest request, string id, CancellationToken token) => jobs.CancelAsync(request, id, token));
        routes.MapGetAndHead(
            ApiRoutes.GetDeadLetter, (DeadLetterEndpoints letters, string id, CancellationToken token) => letters.GetAsync(id, token));
        routes.MapGetAndHead(
            ApiRoutes.ListDeadLetters,
            (DeadLetterEndpoints letters, HttpRequest request, CancellationToken token) => letters.ListAsync(request, token));
        routes.MapDelete(
            ApiRoutes.RemoveDeadLetter,
            (DeadLetterEndpoints letters, HttpRequest request, string id, CancellationToken token) =>
                letters.RemoveAsync(request, id, token));
        routes.MapPost(
            ApiRoutes.PurgeDeadLetters,
            (DeadLetterEndpoints letters, HttpRequest request, CancellationToken token) => letters.PurgeAsync(request, token));
        routes.MapPost(
            ApiRoutes.ReplayDeadLetter,
            (ReplayEndpoints replays, HttpRequest request, string id, CancellationToken token) => replays.ReplayAsync(request, id, token));
        routes.MapPost(
            ApiRoutes.ReplayDeadLetters,
            (ReplayEndpoints replays, HttpRequest request, CancellationToken token) => replays.ReplayManyAsync(request, token));
        routes.MapGetAndHead(
            ApiRoutes.ListErrors,
            (ErrorEndpoints errors, HttpRequest request, CancellationToken token) => errors.ListAsync(request, token));
        routes.MapGetAndHead(ApiRoutes.GetError, (ErrorEndpoints errors, string id, CancellationToken token) => errors.GetAsync(id, token));
        routes.MapPost(
            ApiRoutes.ResolveError,
            (ErrorEndpoints errors, HttpRequest request, string id, CancellationToken token) => errors.ResolveAsync(request, id, token));
        routes.MapPost(
            ApiRoutes.IgnoreError,
            (ErrorEndpoints errors, HttpRequest request, string id, CancellationToken token) => errors.IgnoreAsync(request, id, token));
        routes.MapPost(
            ApiRoutes.ReopenError,
            (ErrorEndpoints errors, HttpRequest request, string id, CancellationToken token) => errors.ReopenAsync(request, id, token));
        routes.MapPost(
            ApiRoutes.RecountError,
            (ErrorEndpoints errors, HttpRequest request, string id, CancellationToken token) => errors.RecountAsync(request, id, token));
        routes.MapPost(
            ApiRoutes.ReplayError,
            (ErrorEndpoints errors, HttpRequest request, string id, CancellationToken token) => errors.ReplayAsync(request, id, token));
        routes.MapGetAndHead(ApiRoutes.ListAlerts, (AlertEndpoints alerts, CancellationToken token) => alerts.ListAsync(token));
        routes.MapPost(
            ApiRoutes.SilenceAlert,
            (AlertEndpoints alerts, HttpRequest request, string rule, CancellationToken token) =>
                alerts.SilenceAsync(request, rule, token));
        routes.MapPost(
            ApiRoutes.UnsilenceAlert,
            (AlertEndpoints alerts, HttpRequest request, string rule, CancellationToken token) =>
                alerts.UnsilenceAsync(request, rule, token));
        routes.MapPost(
            ApiRoutes.TestAlerts,
            (AlertEndpoints alerts, HttpRequest request, CancellationToken token) => alerts.TestAsync(request, token));
        routes.MapGetAndHead(ApiRoutes.OpenApi, (OpenApiEndpoints document, HttpRequest request) => document.Get(request));
        routes.MapGetAndHead(ApiRoutes.ListCircuits, (CircuitEndpoints circuits, CancellationToken token) => circuits.ListAsync(token));
        routes.MapGetAndHead(ApiRoutes.ListQueues, (QueueEndpoints queues, CancellationToken token) => queues.ListAsync(token));
        routes.MapPost(
            ApiRoutes.PauseQueue,
            (QueueEndpoints queues, HttpRequest request, string name, CancellationToken token) => queues.PauseAsync(request, name, token));
        routes.MapPost(
            ApiRoutes.ResumeQueue,
            (QueueEndpoints queues, HttpRequest request, string name, CancellationToken token) => queues.ResumeAsync(request, name, token));
        routes.MapGetAndHead(ApiRoutes.ListJobTypes, (JobTypeEndpoints types, CancellationToken token) => types.ListAsync(token));
        routes.MapPost(
            ApiRoutes.PauseJobType,
            (JobTypeEndpoints types, HttpRequest request, string type, CancellationToken token) => types.PauseAsync(request, type, token));
        routes.MapPost(
            ApiRoutes.ResumeJobType,
            (JobTypeEndpoints types, HttpRequest request, string type, CancellationToken token) => types.ResumeAsync(request, type, token));
        routes.MapWorkflows();
        routes.MapGetAndHead(ApiRoutes.Live, HealthEndpoints.Live);
        routes.MapGetAndHead(ApiRoutes.Ready, (HealthEndpoints health, CancellationToken token) => health.ReadyAsync(token));
    }

    /// <summary>Maps GET and HEAD; for HEAD the server omits the body.</summary>
    private static void MapGetAndHead(this IEndpointRouteBuilder routes, string route, Delegate handler) =>
        routes.MapMethods(route, GetAndHead, handler);

    private static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            ApiRoutes.StartWorkflow,
            (WorkflowStartEndpoints starts, HttpRequest request, string name, CancellationToken token) =>
                starts.StartAsync(request, name, token));
        routes.MapPost(
            ApiRoutes.StartAdHocWorkflow,
            (WorkflowStartEndpoints starts, HttpRequest request, CancellationToken token) => starts.StartAdHocAsync(request, token));
        routes.MapGetAndHead(ApiRoutes.ListWorkflowDefinitions, (WorkflowStartEndpoints starts) => starts.List());
        routes.MapGetAndHead(
            ApiRoutes.ListWorkflows,
            (WorkflowEndpoints workflows, HttpRequest request, CancellationToken token) => workflows.ListAsync(request, token));
        routes.MapGetAndHead(
            ApiRoutes.GetWorkflow,
            (WorkflowEndpoints workflows, HttpRequest request, string instance, CancellationToken token) =>
                workflows.GetAsync(request, instance, token));
        routes.MapPost(
            ApiRoutes.RaiseWorkflowEvent,
            (WorkflowControlEndpoints control, HttpRequest request, string instance, string name, CancellationToken token) =>
                control.RaiseAsync(request, instance, name, token));
        routes.MapPost(
            ApiRoutes.TerminateWorkflow,
            (WorkflowControlEndpoints control, HttpRequest request, string instance, CancellationToken token) =>
                control.TerminateAsync(request, instance, token));
        routes.MapPost(
            ApiRoutes.CancelWorkflow,
            (WorkflowControlEndpoints control, HttpRequest request, string instance, CancellationToken token) =>
                control.CancelAsync(request, instance, token));
        routes.MapPost(
            ApiRoutes.SuspendWorkflow,
            (WorkflowControlEndpoints control, HttpRequest request, string instance, CancellationToken token) =>
                control.SuspendAsync(request, instance, token));
        routes.MapPost(
            ApiRoutes.ResumeWorkflow,
            (WorkflowControlEndpoints control, HttpRequest request, string instance, CancellationToken token) =>
                control.ResumeAsync(request, instance, token));
        routes.MapPost(
            ApiRoutes.RestartWorkflow,
            (WorkflowControlEndpoints control, HttpRequest request, string instance, CancellationToken token) =>
                control.RestartAsync(request, instance, token));
        routes.MapPost(
            ApiRoutes.RerunWorkflow,
            (WorkflowControlEndpoints control, string instance, CancellationToken token) => control.RerunAsync(instance, token));
        routes.MapDelete(
            ApiRoutes.PurgeWorkflow,
            (WorkflowControlEndpoints control, string instance, CancellationToken token) => control.PurgeAsync(instance, token));
    }
}
