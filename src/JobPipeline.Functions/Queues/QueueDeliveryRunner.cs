using Azure.Storage.Queues.Models;
using JobPipeline.Execution;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.StartUp;
using JobPipeline.Jobs;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Queues;

/// <summary>
/// Executes messages on a host that acknowledges a message when the function returns. The host cancels a function when its own
/// shutdown grace period ends, so its token stops running handlers.
/// </summary>
public sealed class QueueDeliveryRunner
{
    private readonly DeliveryExecutor _executor;
    private readonly FunctionTime _functionTime;
    private readonly DurableClients _clients;

    public QueueDeliveryRunner(DeliveryExecutor executor, FunctionTime functionTime, DurableClients clients) =>
        (_executor, _functionTime, _clients) = (executor, functionTime, clients);

    /// <exception cref="Exception">The queue can't be reached; the host keeps the message.</exception>
    public Task RunAsync(string queue, QueueMessage message, DurableTaskClient durable, CancellationToken stopping)
    {
        // A job may start a workflow, which needs the client.
        _clients.Use(durable);
        return _executor.ExecuteAsync(
            DeliveryOf(queue, message),
            new DeliveryTerms(stopping) { EndBy = _functionTime.EndOfOneThatStartsNow(), AcknowledgesOnReturn = true });
    }

    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public Task DrainAsync(string queue, QueueMessage message, CancellationToken stopping) =>
        _executor.DrainAsync(DeliveryOf(queue, message), new DeliveryTerms(stopping) { AcknowledgesOnReturn = true });

    private static QueueDelivery DeliveryOf(string queue, QueueMessage message) =>
        new(queue, message.MessageId, message.InsertedOn ?? default, message.DequeueCount, message.Body.ToMemory(), message.PopReceipt);
}
