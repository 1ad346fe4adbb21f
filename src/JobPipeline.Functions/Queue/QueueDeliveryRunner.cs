using Azure.Storage.Queues.Models;
using JobPipeline.Execution;
using JobPipeline.Functions.StartUp;
using JobPipeline.Hosting;
using JobPipeline.Jobs;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Queue;

/// <summary>
/// Has a message executed on a host that acknowledges it when the function returns. The host cancels a function when its own
/// grace is over, so that token tells running handlers to stop.
/// </summary>
public sealed class QueueDeliveryRunner
{
    /// <summary>For handlers that were told to stop: time to put on record that they did.</summary>
    private static readonly TimeSpan RecordingTime = TimeSpan.FromSeconds(15);

    private readonly DeliveryExecutor _executor;
    private readonly TimeProvider _time;
    private readonly TimeSpan? _limit;

    public QueueDeliveryRunner(DeliveryExecutor executor, TimeProvider time, IOptions<FunctionsHostOptions> host, IOptions<JobPipelineOptions> pipeline) =>
        (_executor, _time, _limit) = (executor, time, UsableOf(host.Value.FunctionTimeout, pipeline.Value.AbandonAfter + RecordingTime));

    /// <exception cref="Exception">The queue can't be reached: the host keeps the message.</exception>
    public Task RunAsync(string queue, QueueMessage message, CancellationToken stopping) =>
        _executor.ExecuteWithSuccessorAsync(DeliveryOf(queue, message), _limit is { } limit ? _time.GetUtcNow() + limit : null, stopping);

    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public Task DrainAsync(string queue, QueueMessage message, CancellationToken stopping) =>
        _executor.DrainPoisonWithSuccessorAsync(DeliveryOf(queue, message), stopping);

    /// <summary>The host kills the whole worker process, and with it every job in it, when one function runs into its timeout.</summary>
    private static TimeSpan? UsableOf(TimeSpan? functionTimeout, TimeSpan reserve) =>
        functionTimeout is not { } timeout ? null : timeout > reserve + reserve ? timeout - reserve : timeout / 2;

    private static QueueDelivery DeliveryOf(string queue, QueueMessage message) =>
        new(queue, message.MessageId, message.InsertedOn ?? default, message.DequeueCount, message.Body.ToMemory(), message.PopReceipt);
}
