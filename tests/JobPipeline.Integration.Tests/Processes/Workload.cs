using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;

namespace JobPipeline.Integration.Tests.Processes;

/// <summary>A workload of jobs of every kind and origin.</summary>
internal static class Workload
{
    private const string Type = "test.work";

    /// <summary>
    /// Submits half of the jobs by the client, a fifth packed, the others as raw messages, plain or in base64. Every tenth fails
    /// once, every fiftieth permanently.
    /// </summary>
    public static async Task<IReadOnlyList<JobId>> SubmitAsync(Producer producer, int count, int milliseconds)
    {
        var jobs = new List<JobId>();
        var packed = await producer.Jobs.EnqueueManyAsync(
            [.. Enumerable.Range(0, count / 5).Select(i => Request(i, milliseconds))],
            TestContext.Current.CancellationToken);
        jobs.AddRange(packed.Select(result => result.Id));
        for (var i = jobs.Count; i < count; i++)
        {
            jobs.Add((i % 10) switch
            {
                0 or 1 => await producer.DropAsync(Text(i, milliseconds), PriorityQueues.All[i % 3]),
                2 => await producer.DropBase64Async(Text(i, milliseconds)),
                _ => await EnqueueAsync(producer, Request(i, milliseconds) with { Queue = PriorityQueues.All[i % 3] }),
            });
        }

        return jobs;
    }

    private static async Task<JobId> EnqueueAsync(Producer producer, JobRequest request) =>
        (await producer.Jobs.EnqueueAsync(request, TestContext.Current.CancellationToken)).Id;

    private static JobRequest Request(int i, int milliseconds) =>
        JobRequest.For(Type, new WorkPayload(milliseconds, SucceedOnAttempt: i % 10 == 3 ? 2 : 1, FailForGood: i % 50 == 7));

    private static string Text(int i, int milliseconds)
    {
        var (succeedOnAttempt, failForGood) = (i % 10 == 3 ? 2 : 1, i % 50 == 7 ? "true" : "false");
        return $$"""
            {
              "type": "{{Type}}",
              "payload": { "milliseconds": {{milliseconds}}, "succeedOnAttempt": {{succeedOnAttempt}}, "failForGood": {{failForGood}} }
            }
            """;
    }
}
