using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Execution;

/// <summary>One part of a packed message, read once: a job, or the reason why it isn't one.</summary>
internal sealed record PackPart(
    QueueDelivery Delivery, ReadOnlyMemory<byte> Body, int Index, JobExecution? Job, MessageReading.Unreadable? Unreadable)
{
    public static PackPart Read(QueueDelivery delivery, ReadOnlyMemory<byte> body, int index, DeliveryTerms terms) =>
        JobMessageReader.Read(body, delivery.InsertedAt) switch
        {
            MessageReading.Job { Message: var message } => new(delivery, body, index, JobOf(delivery, body, message, index, terms), null),
            MessageReading.Unreadable bad => new(delivery, body, index, null, bad),
            _ => new(delivery, body, index, null, new MessageReading.Unreadable(DeadLetterReason.Unreadable, "a pack inside a pack")),
        };

    private static JobExecution JobOf(
        QueueDelivery delivery, ReadOnlyMemory<byte> body, JobMessage message, int index, DeliveryTerms terms) =>
        new(delivery, body, message, index, terms.Stopping) { EndBy = terms.EndBy, IsPart = true };
}
