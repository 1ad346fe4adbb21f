using System.Reflection;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Support;

/// <summary>
/// Plays the Functions host for the queue triggers: hides a message for ten minutes, calls the function that is bound to
/// its queue, acknowledges it when that returns, and on an exception releases it or copies it to the poison queue.
/// </summary>
internal sealed class FunctionsHostDouble(IServiceProvider services, IJobQueueReceiver receiver, IJobQueue queue, DurableTaskClient? durable = null)
{
    private static readonly TimeSpan Hidden = TimeSpan.FromMinutes(10);
    private static readonly JsonElement Settings = JsonDocument.Parse(Repository.Read("host.json")).RootElement.GetProperty("extensions").GetProperty("queues");

    public static int MaxDequeueCount => Settings.GetProperty("maxDequeueCount").GetInt32();

    public static TimeSpan RetryVisibility => TimeSpan.Parse(Settings.GetProperty("visibilityTimeout").GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What was delivered, in order.</summary>
    public List<QueueDelivery> Deliveries { get; } = [];

    /// <summary>What the last function threw.</summary>
    public Exception? Thrown { get; private set; }

    /// <summary>Delivers the next visible message. False: there is none.</summary>
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

            // The copy has the body alone: a new id, a new insertion time.
            await queue.SendAsync(name + JobLanes.PoisonSuffix, delivery.Body, TimeSpan.Zero, CancellationToken.None);
        }

        await receiver.DeleteAsync(delivery, CancellationToken.None);
        return true;
    }

    /// <summary>Delivers a message and dies before the function has ended.</summary>
    public async Task<Task> DeliverAndDieAsync(string name) =>
        CallAsync((await receiver.ReceiveAsync(name, 1, Hidden, CancellationToken.None)).Single(), CancellationToken.None);

    private async Task CallAsync(QueueDelivery delivery, CancellationToken stopping)
    {
        Deliveries.Add(delivery);
        var (function, _) = FunctionMethods.With<QueueTriggerAttribute>().Single(bound => bound.Trigger.QueueName == delivery.Queue);
        var message = QueuesModelFactory.QueueMessage(
            delivery.MessageId, delivery.Receipt, new BinaryData(delivery.Body), delivery.DequeueCount, nextVisibleOn: null, insertedOn: delivery.InsertedAt, expiresOn: null);
        var trigger = ActivatorUtilities.CreateInstance(services, function.DeclaringType!);
        await (Task)function.Invoke(trigger, BindingFlags.DoNotWrapExceptions, null, [.. function.GetParameters().Select(Argument)], null)!;

        object? Argument(ParameterInfo parameter) =>
            parameter.ParameterType == typeof(QueueMessage) ? message : parameter.ParameterType == typeof(CancellationToken) ? stopping : durable;
    }
}
