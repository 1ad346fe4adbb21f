using Azure.Storage.Queues.Models;
using JobPipeline.Execution;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.StartUp;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Queues;

/// <summary>
/// Executes messages on a host that acknowledges a message when the function returns. The host cancels a function when its own
/// shutdown grace period ends, so its token stops running handlers.
/// </summary>
public sealed class QueueDeliveryRunner
{
    /// <summary>The time that a packed message may take: its jobs are short.</summary>
    private static readonly TimeSpan PackTime = TimeSpan.FromMinutes(2);

    private readonly DeliveryExecutor _executor;
    private readonly JobRegistry _types;
    private readonly FunctionTime _functionTime;
    private readonly FunctionSlots _slots;
    private readonly DurableClients _clients;

    internal QueueDeliveryRunner(
        DeliveryExecutor executor, JobRegistry types, FunctionTime functionTime, FunctionSlots slots, DurableClients clients) =>
        (_executor, _types, _functionTime, _slots, _clients) = (executor, types, functionTime, slots, clients);

    /// <exception cref="Exception">The queue can't be reached; the host keeps the message.</exception>
    public Task RunAsync(string queue, QueueMessage message, DurableTaskClient durable, CancellationToken stopping)
    {
        // A job may start a workflow, which needs the client.
        _clients.Use(durable);
        var delivery = DeliveryOf(queue, message);
        var terms = new DeliveryTerms(stopping) { EndBy = _functionTime.EndOfOneThatStartsNow(), AcknowledgesOnReturn = true };
        return _slots.IsLimited ? RunAsync(delivery, terms) : _executor.ExecuteAsync(delivery, terms);
    }

    /// <inheritdoc cref="RunAsync(string, QueueMessage, DurableTaskClient, CancellationToken)" path="/exception"/>
    public Task DrainAsync(string queue, QueueMessage message, CancellationToken stopping) =>
        _executor.DrainAsync(DeliveryOf(queue, message), new DeliveryTerms(stopping) { AcknowledgesOnReturn = true });

    private Task<DeliveryResult> RunAsync(QueueDelivery delivery, DeliveryTerms terms) => _slots.RunAsync(
        delivery.MessageId,
        () => TimeFor(delivery),
        terms.EndBy,
        () => _executor.ExecuteAsync(delivery, terms),
        until => _executor.DeferAsync(delivery, terms, until, DeferralReason.Resources, "the memory of the instance was short"),
        terms.Stopping);

    private TimeSpan TimeFor(QueueDelivery delivery) => JobMessageReader.Read(delivery.Body, delivery.InsertedAt) switch
    {
        MessageReading.Job { Message.Spec: var spec } => spec.Timeout ?? _types.Find(spec.Type)?.Timeout ?? TimeSpan.Zero,
        MessageReading.Pack => PackTime,
        _ => TimeSpan.Zero,
    };

    private static QueueDelivery DeliveryOf(string queue, QueueMessage message) =>
        new(queue, message.MessageId, message.InsertedOn ?? default, message.DequeueCount, message.Body.ToMemory(), message.PopReceipt);
}
