using JobPipeline.Jobs.Wire;

namespace JobPipeline.Jobs;

/// <summary>How long the job of a message has waited.</summary>
internal static class MessageAge
{
    /// <summary>When the job of the message first became due; for a message that does not hold exactly one job, when it was sent.</summary>
    public static DateTimeOffset DueAt(ReadOnlyMemory<byte> body, DateTimeOffset insertedAt) =>
        JobMessageReader.Read(body, insertedAt) is MessageReading.Job { Message.Spec: var spec } ? spec.DueAt : insertedAt;
}
