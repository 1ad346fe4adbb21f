using JobPipeline.Functions.Durable;
using JobPipeline.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Http;

/// <summary>HTTP triggers that start, list and show workflow instances.</summary>
public sealed class WorkflowTriggers(ApiEndpoints api, DurableClients clients)
{
    [Function("StartWorkflow")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.StartWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string name, CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowStarts).StartAsync(request, name, cancellationToken);

    [Function("StartAdHocWorkflow")]
    public Task<IResult> StartAdHocAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = ApiRoutes.StartAdHocWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        clients.Use(durable, api.WorkflowStarts).StartAdHocAsync(request, cancellationToken);

    [Function("ListWorkflowDefinitions")]
    public IResult ListDefinitions(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListWorkflowDefinitions)] HttpRequest request) =>
        api.WorkflowStarts.List();

    [Function("ListWorkflows")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.ListWorkflows)] HttpRequest request,
        CancellationToken cancellationToken) =>
        api.Workflows.ListAsync(request, cancellationToken);

    [Function("GetWorkflow")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = ApiRoutes.GetWorkflow)] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance, CancellationToken cancellationToken) =>
        clients.Use(durable, api.Workflows).GetAsync(request, instance, cancellationToken);
}
