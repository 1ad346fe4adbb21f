using Azure.Storage.Queues.Models;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Queue;

/// <summary>Messages of the three lanes.</summary>
public sealed class LaneTriggers(QueueDeliveryRunner runner)
{
    [Function("RunHighPriorityJob")]
    public Task RunHighAsync([QueueTrigger(JobLanes.High, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.RunAsync(JobLanes.High, message, cancellationToken);

    [Function("RunJob")]
    public Task RunNormalAsync([QueueTrigger(JobLanes.Normal, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.RunAsync(JobLanes.Normal, message, cancellationToken);

    [Function("RunLowPriorityJob")]
    public Task RunLowAsync([QueueTrigger(JobLanes.Low, Connection = StorageConnection.Name)] QueueMessage message, CancellationToken cancellationToken) =>
        runner.RunAsync(JobLanes.Low, message, cancellationToken);
}
