using Azure;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>
/// An endless workload of jobs of every kind and origin. Errors are injected into one producer's own storage calls: it repeats
/// each request, with its key, until it is accepted.
/// </summary>
internal sealed class ChaosWorkload(Producer producer, Producer disturbed)
{
    private const int PackSize = 10;
    private const int Kinds = 8;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly List<JobId> _jobs = [];
    private int _number;

    public IReadOnlyCollection<JobId> Jobs => _jobs;

    /// <summary>The number of requests that the producer with injected faults has repeated.</summary>
    public int Repeats { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task SubmitAsync(Func<bool> isOver)
    {
        while (!isOver())
        {
            for (var kind = 0; kind < Kinds; kind++)
                _jobs.AddRange(await SubmitAsync(kind));
            await Eventually.ElapsedAsync(Pace);
        }
    }

    private async Task<IEnumerable<JobId>> SubmitAsync(int kind) => kind switch
    {
        0 => (await producer.Jobs.EnqueueManyAsync([.. Enumerable.Range(0, PackSize).Select(_ => Request())], Token))
            .Select(result => result.Id),
        1 => [await producer.DropAsync(Text())],
        2 => [await producer.DropBase64Async(Text())],
        3 => [await producer.DropAsync(Text($"\"notBefore\": \"{TimeProvider.System.GetUtcNow() + Delay:O}\""))],
        4 => await DropTwiceAsync(Text($"\"key\": \"dropped {_number}\"")),
        5 => [await RepeatAsync(Request() with { Key = $"asked for {_number}" })],
        6 =>
        [
            await RepeatAsync(
                Request() with
                {
                    Key = $"asked for {_number}",
                    NotBefore = TimeProvider.System.GetUtcNow() + Delay,
                    Queue = PriorityQueues.Low,
                }),
        ],
        _ => [(await producer.Jobs.EnqueueAsync(Request() with { Queue = PriorityQueues.High }, Token)).Id],
    };

    private async Task<IEnumerable<JobId>> DropTwiceAsync(string text) =>
        [await producer.DropAsync(text), await producer.DropAsync(text, PriorityQueues.Low)];

    private async Task<JobId> RepeatAsync(JobRequest request)
    {
        while (true)
        {
            try
            {
                return (await disturbed.Jobs.EnqueueAsync(request, Token)).Id;
            }
            catch (Exception e) when (e is RequestFailedException or AggregateException)
            {
                Repeats++;
            }
        }
    }

    private JobRequest Request() => JobRequest.For("test.work", Payload());

    private string Text(string more = "\"tags\": []")
    {
        var payload = Payload();
        return $$"""
            { "type": "test.work", {{more}},
              "payload": {
                "milliseconds": {{payload.Milliseconds}},
                "succeedOnAttempt": {{payload.SucceedOnAttempt}},
                "failForGood": {{(payload.FailForGood ? "true" : "false")}} } }
            """;
    }

    /// <summary>Every tenth job fails once, every fiftieth permanently, and every fortieth takes longer than a lease.</summary>
    private WorkPayload Payload()
    {
        var i = _number++;
        return new WorkPayload(i % 40 == 11 ? 4000 : 30, SucceedOnAttempt: i % 10 == 3 ? 2 : 1, FailForGood: i % 50 == 7);
    }
}
