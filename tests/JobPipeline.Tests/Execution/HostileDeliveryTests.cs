using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Execution;

/// <summary>Runs the hostile bodies of the message reader's tests through the whole pipeline.</summary>
public sealed class HostileDeliveryTests
{
    [Fact]
    public async Task Execute_TenThousandHostileBodies_LosesNothingAndLogsNoPayload()
    {
        await using var pipeline = new TestPipeline();
        var number = 0;
        var deadLetters = 0;
        foreach (var body in HostileBodies.All(10_000))
        {
            var delivery = new QueueDelivery(PriorityQueues.Normal, $"m{number++}", pipeline.Now, 1, body, "receipt");
            var result = await pipeline.Executor.ExecuteAsync(delivery, new DeliveryTerms(CancellationToken.None));
            if (result is DeliveryResult.DeadLettered)
                deadLetters++;
            await AssertKeptAsync(pipeline, delivery, body, result);
        }

        Assert.True(deadLetters > 5_000, $"only {deadLetters} bodies became dead letters");
        Assert.Contains(pipeline.Script.Payloads, payload => payload is ScriptedPayload { To: HostileBodies.Secret });
        AssertSecretNotLogged(pipeline);
    }

    [Fact]
    public async Task Execute_EveryHostileBodyASecondTime_ChangesNothing()
    {
        await using var pipeline = new TestPipeline();
        var number = 0;
        foreach (var body in HostileBodies.All(2_000))
        {
            var id = $"m{number++}";
            await pipeline.Executor.ExecuteAsync(
                new QueueDelivery(PriorityQueues.Normal, id, pipeline.Now, 1, body, "receipt"), new DeliveryTerms(CancellationToken.None));
            var starts = pipeline.Script.Starts.Count;
            var isPack = JobMessageReader.Read(body, pipeline.Now) is MessageReading.Pack;
            var again = new QueueDelivery(PriorityQueues.Normal, id, pipeline.Now, 2, body, "receipt");
            var result = await pipeline.Executor.ExecuteAsync(again, new DeliveryTerms(CancellationToken.None));
            await AssertKeptAsync(pipeline, again, body, result);
            Assert.True(isPack || pipeline.Script.Starts.Count == starts, "a job that had ended ran again");
        }
    }

    [Fact]
    public async Task Fail_WithAMessageThatQuotesThePayload_IsStoredButNotLogged()
    {
        await using var pipeline = new TestPipeline();
        foreach (
            var error in new Exception[]
            {
                new IOException($"can't reach {HostileBodies.Secret}"),
                new JobRejectedException(HostileBodies.Secret, new IOException(HostileBodies.Secret)),
            })
        {
            pipeline.Script.Throws(error);
            var id = await pipeline.EnqueueAsync(JobRequest.For(ScriptedJob.Type, new ScriptedPayload { To = HostileBodies.Secret }));
            while (pipeline.Messages() > 0)
            {
                pipeline.AdvanceToNextMessage();
                await pipeline.DeliverAsync();
            }

            Assert.Contains(HostileBodies.Secret, (await pipeline.LetterAsync(id))!.Detail, StringComparison.Ordinal);
        }

        AssertSecretNotLogged(pipeline);
    }

    private static void AssertSecretNotLogged(TestPipeline pipeline)
    {
        Assert.Contains(pipeline.Log.Entries, entry => entry.Level == LogLevel.Error);
        Assert.DoesNotContain(pipeline.Log.Entries, entry =>
            entry.Level >= LogLevel.Information && entry.Text.Contains(HostileBodies.Secret, StringComparison.Ordinal));
    }

    private static async Task AssertKeptAsync(
        TestPipeline pipeline, QueueDelivery delivery, ReadOnlyMemory<byte> body, DeliveryResult result)
    {
        if (result is DeliveryResult.Unpacked unpacked)
        {
            var parts = Assert.IsType<MessageReading.Pack>(JobMessageReader.Read(body, delivery.InsertedAt)).Parts;
            Assert.Equal(parts.Count, unpacked.Parts.Count);
            for (var i = 0; i < parts.Count; i++)
                await AssertKeptAsync(
                    pipeline,
                    delivery.InsertedAt,
                    parts[i],
                    JobId.FromDelivery($"{delivery.MessageId}#{i}", delivery.InsertedAt),
                    unpacked.Parts[i]);
        }
        else
        {
            await AssertKeptAsync(pipeline, delivery.InsertedAt, body, delivery.DerivedId, result);
        }
    }

    /// <summary>A record, or a dead letter with the exact bytes; for a part that was split off, its message.</summary>
    private static async Task AssertKeptAsync(
        TestPipeline pipeline, DateTimeOffset insertedAt, ReadOnlyMemory<byte> body, JobId derived, DeliveryResult result)
    {
        var id = (JobMessageReader.Read(body, insertedAt) as MessageReading.Job)?.Message.Id ?? derived;
        var deadLetter = await pipeline.LetterAsync(derived) ?? await pipeline.LetterAsync(id);
        switch (result)
        {
            case DeliveryResult.DeadLettered dead:
                Assert.Equal(dead.Reason, deadLetter!.Reason);
                Assert.Equal(body.ToArray(), deadLetter.Original.ToArray());
                break;
            case DeliveryResult.Superseded { Why: "split from its pack" }:
                Assert.True(pipeline.Messages() > 0);
                break;
            case DeliveryResult.Superseded when deadLetter is not null:
                break;
            default:
                Assert.True(
                    (await pipeline.RowsAsync(id)).Record is not null || deadLetter?.Reason == DeadLetterReason.Unreadable,
                    $"a message with the result {result} left neither a record nor a dead letter");
                break;
        }
    }
}
