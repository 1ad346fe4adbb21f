using Azure.Storage.Queues.Models;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Queues;

/// <summary>Triggers for the messages of the three priority queues.</summary>
public sealed class LaneTriggers(QueueDeliveryRunner runner)
{
    [Function("RunHighPriorityJob")]
    public Task RunHighAsync(
        [QueueTrigger(JobLanes.High, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(JobLanes.High, message, durable, cancellationToken);

    [Function("RunJob")]
    public Task RunNormalAsync(
        [QueueTrigger(JobLanes.Normal, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(JobLanes.Normal, message, durable, cancellationToken);

    [Function("RunLowPriorityJob")]
    public Task RunLowAsync(
        [QueueTrigger(JobLanes.Low, Connection = StorageConnection.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        runner.RunAsync(JobLanes.Low, message, durable, cancellationToken);
}
