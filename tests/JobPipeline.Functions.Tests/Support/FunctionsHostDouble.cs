using System.Reflection;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Support;

/// <summary>
/// Acts as the Functions host for the queue triggers: hides a message for ten minutes, calls the function bound to its queue,
/// deletes the message when the function returns, and on an exception makes it visible again or copies it to the poison queue.
/// </summary>
internal sealed class FunctionsHostDouble(
    IServiceProvider services, IJobQueueReceiver receiver, IJobQueue queue, DurableTaskClient? durable = null)
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(10);
    private static readonly JsonElement Settings =
        JsonDocument.Parse(Repository.Read("host.json")).RootElement.GetProperty("extensions").GetProperty("queues");

    public static int MaxDequeueCount => Settings.GetProperty("maxDequeueCount").GetInt32();

    public static TimeSpan RetryVisibility =>
        TimeSpan.Parse(Settings.GetProperty("visibilityTimeout").GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The delivered messages, in order.</summary>
    public List<QueueDelivery> Deliveries { get; } = [];

    /// <summary>The exception thrown by the last function, if any.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>Delivers the next visible message. Returns false if there is none.</summary>
    public async Task<bool> DeliverAsync(string name, CancellationTokenSource? stopping = null)
    {
        if (await receiver.ReceiveAsync(name, 1, Hidden, CancellationToken.None) is not [var delivery])
            return false;
        Thrown = null;
        try
        {
            await CallAsync(delivery, stopping?.Token ?? CancellationToken.None);
        }
        catch (Exception e)
        {
            Thrown = e;
            if (delivery.DequeueCount < MaxDequeueCount)
            {
                await receiver.HideAsync(delivery, RetryVisibility, CancellationToken.None);
                return true;
            }

            // The copy keeps only the body; its id and insertion time are new.
            await queue.SendAsync(name + PriorityQueues.PoisonSuffix, delivery.Body, TimeSpan.Zero, CancellationToken.None);
        }

        await receiver.DeleteAsync(delivery, CancellationToken.None);
        return true;
    }

    /// <summary>Delivers a message and simulates that the host dies before the function ends.</summary>
    public async Task<Task> DeliverAndDieAsync(string name) =>
        CallAsync((await receiver.ReceiveAsync(name, 1, Hidden, CancellationToken.None)).Single(), CancellationToken.None);

    private async Task CallAsync(QueueDelivery delivery, CancellationToken stopping)
    {
        Deliveries.Add(delivery);
        var (function, _) = FunctionMethods.With<QueueTriggerAttribute>().Single(bound => bound.Trigger.QueueName == delivery.Queue);
        var message = QueuesModelFactory.QueueMessage(
            delivery.MessageId,
            delivery.Receipt,
            new BinaryData(delivery.Body),
            delivery.DequeueCount,
            nextVisibleOn: null,
            insertedOn: delivery.InsertedAt,
            expiresOn: null);
        var trigger = ActivatorUtilities.CreateInstance(services, function.DeclaringType!);
        await (Task)function.Invoke(trigger, BindingFlags.DoNotWrapExceptions, null, [.. function.GetParameters().Select(Argument)], null)!;

        object? Argument(ParameterInfo parameter) =>
            parameter.ParameterType == typeof(QueueMessage) ? message
            : parameter.ParameterType == typeof(CancellationToken) ? stopping
            : durable;
    }
}
