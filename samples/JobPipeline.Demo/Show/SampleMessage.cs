using System.Text;
using Azure.Storage.Queues;
using JobPipeline.Jobs;

namespace JobPipeline.Demo.Show;

/// <summary>A message as a foreign producer writes it, and what has to become of it.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Body">The message.</param>
/// <param name="Expectation">Null when it ended as it should, else what is wrong.</param>
internal sealed record SampleMessage(string Name, string Body, Func<JobReport, string?> Expectation)
{
    /// <summary>The id that the pipeline derives from the queue's own.</summary>
    public JobId Id { get; private init; }

    public bool IsBase64 { get; init; }

    /// <summary>Drops it with the queue's SDK, as anybody could: nothing of JobPipeline is needed for that.</summary>
    public async Task<SampleMessage> DropAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        var text = IsBase64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Body)) : Body;
        var receipt = (await queue.SendMessageAsync(text, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken)).Value;
        return this with { Id = JobId.FromDelivery(receipt.MessageId, receipt.InsertionTime) };
    }
}
