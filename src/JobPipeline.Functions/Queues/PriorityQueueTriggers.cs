using Azure.Storage.Queues.Models;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Queues;

/// <summary>Triggers for the messages of the three priority queues, and of jobs that waited at a limit.</summary>
public sealed class PriorityQueueTriggers(QueueDeliveryRunner runner)
{
    [Function("RunReadyJob")]
    public Task RunReadyAsync(
        [QueueTrigger(PriorityQueues.Ready, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(PriorityQueues.Ready, message, durable, cancellationToken);

    [Function("RunHighPriorityJob")]
    public Task RunHighAsync(
        [QueueTrigger(PriorityQueues.High, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(PriorityQueues.High, message, durable, cancellationToken);

    [Function("RunJob")]
    public Task RunNormalAsync(
        [QueueTrigger(PriorityQueues.Normal, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(PriorityQueues.Normal, message, durable, cancellationToken);

    [Function("RunLowPriorityJob")]
    public Task RunLowAsync(
        [QueueTrigger(PriorityQueues.Low, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(PriorityQueues.Low, message, durable, cancellationToken);
}
