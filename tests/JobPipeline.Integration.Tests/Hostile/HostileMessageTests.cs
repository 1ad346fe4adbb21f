using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using JobPipeline.AzureStorage.Jobs;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Jobs;

namespace JobPipeline.Integration.Tests.Hostile;

/// <summary>The corpus of the message reader's tests on a real queue with a real listener.</summary>
[Slow]
[Collection(ProcessCollection.Name)]
public sealed class HostileMessageTests(SharedAzurite azurite)
{
    private const int Count = 2_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listener_WithTwoThousandHostileMessages_RecordsEachAndContinues()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        using var host = new TestHostProcess(azurite.ConnectionString, prefix, "JobPipeline:UnknownTypeGrace=00:00:00");
        await host.StartAsync();
        var queue = producer.Queue(PriorityQueues.Normal);
        var sent = new List<(JobId Id, byte[] Body)>();
        foreach (var body in HostileBodies.All(Count))
            sent.Add(await DropAsync(queue, body));

        var last = await producer.DropAsync("""{ "type": "test.work" }""");
        await Eventually.TrueAsync(
            async () => (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 0,
            "the queue is empty");
        Assert.Equal(JobState.Succeeded, (await producer.Jobs.GetAsync(last, Token)).Record!.Status.State);
        foreach (var (id, body) in sent)
            await AssertKeptAsync(producer, id, body);
        Assert.DoesNotContain(host.Output, line => line.Contains(HostileBodies.Secret, StringComparison.Ordinal));
        using var api = new HttpClient { BaseAddress = host.Address };
        var ready = await api.GetFromJsonAsync<JsonElement>(new Uri("health/ready", UriKind.Relative), Token);
        Assert.Equal("healthy", ready.GetProperty("status").GetString());
    }

    private static async Task<(JobId Id, byte[] Body)> DropAsync(QueueClient queue, byte[] body)
    {
        var text = MessageText.From(body);
        var receipt = (await queue.SendMessageAsync(text, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: Token)).Value;
        return (JobId.FromDelivery(receipt.MessageId, receipt.InsertionTime), text.ToArray());
    }

    /// <summary>Checks that the message became a job record or a dead letter with the delivered bytes.</summary>
    private static async Task AssertKeptAsync(Producer producer, JobId derived, byte[] body)
    {
        var at = derived.Timestamp;
        var reading = JobMessageReader.Read(body, at);
        if (reading is MessageReading.Pack)
            return;
        var id = (reading as MessageReading.Job)?.Message.Id ?? derived;
        var deadLetters = producer.Get<IDeadLetterStore>();
        if ((await deadLetters.ReadAsync(derived, Token) ?? await deadLetters.ReadAsync(id, Token)) is { } deadLetter)
        {
            Assert.True(deadLetter.Id == id || deadLetter.Original.Span.SequenceEqual(body),
                "the dead letter does not hold what was delivered");
            return;
        }

        Assert.NotNull((await producer.Jobs.GetAsync(id, Token)).Record);
    }
}
