using System.Threading.Channels;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Integration.Tests.Operations;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.SelfHost.Listening;

namespace JobPipeline.Benchmarks.Storage;

/// <summary>
/// The minimum with the same SDK, the same messages, and the listener's concurrency and prefetch: send, receive, delete. Without
/// tracking, leases and records.
/// </summary>
internal sealed class BareQueue
{
    private static readonly QueueListenerOptions Listener = new();
    private readonly QueueClient _queue;
    private readonly BinaryData _body;

    private BareQueue(QueueClient queue, BinaryData body) => (_queue, _body) = (queue, body);

    public static int Concurrency => Listener.MaxConcurrency;

    public static TimeSpan LongestPoll => Listener.MaxPollInterval;

    public static async Task<BareQueue> CreateAsync(string connection, string prefix, CancellationToken cancellationToken)
    {
        var options = new QueueClientOptions();
        new OperationCounter().Attach(options);
        var queue = new QueueClient(connection, prefix + "bare", options);
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        var spec = new JobSpec { Type = SingleJob.Type, Payload = PipelineUnderTest.Request(SingleJob.Type, 1).Payload, EnqueuedAt = now };
        return new BareQueue(queue, new BinaryData(JobMessageWriter.Write(JobId.Create(now), 1, spec)));
    }

    public Task SendAsync(CancellationToken cancellationToken) => _queue.SendMessageAsync(_body, cancellationToken: cancellationToken);

    public Task SendAsync(int count, CancellationToken cancellationToken) => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
        async (_, token) => await SendAsync(token));

    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(CancellationToken cancellationToken) =>
        (await _queue.ReceiveMessagesAsync(Listener.BatchSize, cancellationToken: cancellationToken)).Value;

    public Task DeleteAsync(QueueMessage message, CancellationToken cancellationToken) =>
        _queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);

    /// <summary>Receives and deletes a number of messages and returns the elapsed time.</summary>
    public async Task<TimeSpan> DrainAsync(int count, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var received = Channel.CreateBounded<QueueMessage>(Listener.NewBatchThreshold);
        var workers = Enumerable.Range(0, Concurrency).Select(_ => DeleteAllAsync(received.Reader, cancellationToken)).ToArray();
        for (var left = count; left > 0;)
        {
            foreach (var message in await ReceiveAsync(cancellationToken))
            {
                await received.Writer.WriteAsync(message, cancellationToken);
                left--;
            }
        }

        received.Writer.Complete();
        await Task.WhenAll(workers);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private async Task DeleteAllAsync(ChannelReader<QueueMessage> messages, CancellationToken cancellationToken)
    {
        await foreach (var message in messages.ReadAllAsync(cancellationToken))
            await DeleteAsync(message, cancellationToken);
    }
}
