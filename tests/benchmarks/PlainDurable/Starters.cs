using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace PlainDurable;

/// <summary>Starts the workflows and shows their status, with the names of the fields that JobPipeline's API has.</summary>
public static class Starters
{
    [Function("StartChain")]
    public static Task<IResult> StartChainAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/chain/{steps:int}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        int steps,
        CancellationToken cancellationToken) =>
        StartAsync(durable, Orchestrations.Chain, steps, count: 1, cancellationToken);

    [Function("StartFanOut")]
    public static Task<IResult> StartFanOutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/fan-out/{items:int}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        int items,
        CancellationToken cancellationToken) =>
        StartAsync(durable, Orchestrations.FanOut, items, count: 1, cancellationToken);

    [Function("StartMany")]
    public static Task<IResult> StartManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/many/{count:int}/{steps:int}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        int count,
        int steps,
        CancellationToken cancellationToken) =>
        StartAsync(durable, Orchestrations.Chain, steps, count, cancellationToken);

    [Function("GetStatus")]
    public static async Task<IResult> GetStatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/workflows/{instance}")] HttpRequest request,
        [DurableClient] DurableTaskClient durable,
        string instance,
        CancellationToken cancellationToken) =>
        await durable.GetInstanceAsync(instance, cancellationToken) is { } found
            ? Results.Ok(new Status(found.RuntimeStatus.ToString(), found.CreatedAt, found.LastUpdatedAt))
            : Results.NotFound();

    private static async Task<IResult> StartAsync(
        DurableTaskClient durable, string orchestration, int size, int count, CancellationToken cancellationToken) =>
        Results.Ok(
            await Task.WhenAll(
                Enumerable.Range(0, count)
                    .Select(_ => durable.ScheduleNewOrchestrationInstanceAsync(orchestration, size, cancellationToken))));

    private sealed record Status(string RuntimeStatus, DateTimeOffset CreatedTime, DateTimeOffset LastUpdatedTime);
}
