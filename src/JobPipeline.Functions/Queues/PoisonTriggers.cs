using Azure.Storage.Queues.Models;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Queues;

/// <summary>
/// Triggers for the poison queues, to which the host moves messages it gave up on. The job's record decides how they are
/// handled.
/// </summary>
public sealed class PoisonTriggers(QueueDeliveryRunner runner)
{
    private const string Ready = PriorityQueues.Ready + PriorityQueues.PoisonSuffix;
    private const string High = PriorityQueues.High + PriorityQueues.PoisonSuffix;
    private const string Normal = PriorityQueues.Normal + PriorityQueues.PoisonSuffix;
    private const string Low = PriorityQueues.Low + PriorityQueues.PoisonSuffix;

    [Function("DrainReadyPoison")]
    public Task DrainReadyAsync(
        [QueueTrigger(Ready, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.DrainAsync(Ready, message, cancellationToken);

    [Function("DrainHighPriorityPoison")]
    public Task DrainHighAsync(
        [QueueTrigger(High, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.DrainAsync(High, message, cancellationToken);

    [Function("DrainPoison")]
    public Task DrainNormalAsync(
        [QueueTrigger(Normal, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.DrainAsync(Normal, message, cancellationToken);

    [Function("DrainLowPriorityPoison")]
    public Task DrainLowAsync(
        [QueueTrigger(Low, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.DrainAsync(Low, message, cancellationToken);
}
