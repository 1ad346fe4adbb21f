using JobPipeline.Functions.Durable;
using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers that control workflow instances.</summary>
public sealed class WorkflowControlTriggers(ApiEndpoints api, DurableClients clients)
{
    [Function("RaiseWorkflowEvent")]
    public Task<IResult> RaiseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.RaiseWorkflowEvent)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, string name, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).RaiseAsync(request, instance, name, cancellationToken);

    [Function("TerminateWorkflow")]
    public Task<IResult> TerminateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.TerminateWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).TerminateAsync(request, instance, cancellationToken);

    [Function("CancelWorkflow")]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.CancelWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).CancelAsync(request, instance, cancellationToken);

    [Function("SuspendWorkflow")]
    public Task<IResult> SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.SuspendWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).SuspendAsync(request, instance, cancellationToken);

    [Function("ResumeWorkflow")]
    public Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.ResumeWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).ResumeAsync(request, instance, cancellationToken);

    [Function("RestartWorkflow")]
    public Task<IResult> RestartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.RestartWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).RestartAsync(request, instance, cancellationToken);

    [Function("RerunWorkflow")]
    public Task<IResult> RerunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.RerunWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).RerunAsync(instance, cancellationToken);

    [Function("PurgeWorkflow")]
    public Task<IResult> PurgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = ApiRoutes.PurgeWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowControl).PurgeAsync(instance, cancellationToken);
}
