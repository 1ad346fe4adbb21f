using System.Text;
using Azure.Storage.Queues;
using JobPipeline.Jobs;

namespace JobPipeline.Demo.Show;

/// <summary>A message as written by a foreign producer, and its expected outcome.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Body">The message.</param>
/// <param name="Expectation">Returns null if the job ended as expected, else what is wrong.</param>
internal sealed record SampleMessage(string Name, string Body, Func<JobReport, string?> Expectation)
{
    /// <summary>The job id that the pipeline derives from the message id.</summary>
    public JobId Id { get; private init; }

    public bool IsBase64 { get; init; }

    /// <summary>Drops the message with the SDK of the queue alone, like any producer.</summary>
    public async Task<SampleMessage> DropAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        var text = IsBase64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Body)) : Body;
        var sent = await queue.SendMessageAsync(text, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        var receipt = sent.Value;
        return this with { Id = JobId.FromDelivery(receipt.MessageId, receipt.InsertionTime) };
    }
}
