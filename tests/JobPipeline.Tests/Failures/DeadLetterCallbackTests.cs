using JobPipeline.Execution;
using JobPipeline.Failures.DeadLetters;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Failures;

/// <summary>Tests of the callback job that is enqueued when another job is dead-lettered.</summary>
public sealed class DeadLetterCallbackTests
{
    [Fact]
    public async Task DeadLetter_OfATypeWithACallback_EnqueuesItWithTheFailure()
    {
        await using var pipeline = Pipeline();
        pipeline.Script.Throws(new JobRejectedException("no such customer"));
        var id = await pipeline.EnqueueAsync(
            JobRequest.For(FailingJob.Type, new { to = "ada" }) with
            {
                Tags = ["nightly"],
                CorrelationId = "order-17",
            });
        await pipeline.DeliverAsync();

        pipeline.Script.Returns(JobOutcome.Success());
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());

        var told = pipeline.Get<Told>().Last!;
        Assert.Equal(
            (id, FailingJob.Type, DeadLetterReason.PermanentFailure, "no such customer", 1),
            (told.JobId, told.Type, told.Reason, told.Detail, told.Attempts));
        Assert.Equal((ErrorKind.Permanent, "no such customer"), (told.LastError!.Kind, told.LastError.Message));
        Assert.Equal(
            ("order-17", "nightly", "ada"),
            (told.CorrelationId, told.Tags.Single(), told.Payload!.Value.GetProperty("to").GetString()));
        var callback = (await pipeline.RowsAsync(DeadLetterCallbacks.IdFor(id))).Record!;
        Assert.Equal(
            (TellingJob.Type, (JobId?)id, "order-17"),
            (callback.Spec.Type, callback.Spec.CallbackOf, callback.Spec.CorrelationId));
        Assert.NotNull(await pipeline.LetterAsync(id));
    }

    [Fact]
    public async Task DeadLetter_WithAnInvalidPayload_EnqueuesTheCallbackToo()
    {
        await using var pipeline = Pipeline();
        await pipeline.DropAsync($$"""{ "type": "{{FailingJob.Type}}", "payload": { "count": "many" } }""");
        Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync());
        await pipeline.DeliverAsync();

        Assert.Equal(
            (DeadLetterReason.InvalidPayload, "many"),
            (pipeline.Get<Told>().Last!.Reason, pipeline.Get<Told>().Last!.Payload!.Value.GetProperty("count").GetString()));
    }

    [Theory]
    [InlineData("{ \"odd\": \"\\ud800\" }")]
    [InlineData("{ \"\\ud800\": 1 }")]
    [InlineData("{ \"deep\": DEEP }")]
    public async Task DeadLetter_WithAPayloadThatCannotBeEmbedded_EnqueuesTheCallbackWithoutIt(string payload)
    {
        await using var pipeline = Pipeline();
        payload = payload.Replace("DEEP", new string('[', 60) + new string(']', 60), StringComparison.Ordinal);
        pipeline.Script.Throws(new JobRejectedException("no"));
        await pipeline.DropAsync($$"""{ "type": "{{FailingJob.Type}}", "payload": {{payload}} }""");
        Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync());
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());

        Assert.Null(pipeline.Get<Told>().Last!.Payload);
        Assert.Single(pipeline.Storage.DeadLetters.All());
    }

    [Fact]
    public async Task Callback_ThatIsDeadLetteredItself_EnqueuesNoCallback()
    {
        // The type is its own callback: the shortest possible loop.
        await using var pipeline = Pipeline(
            ($"JobPipeline:Jobs:{TellingJob.Type}:OnDeadLetter", TellingJob.Type),
            ($"JobPipeline:Jobs:{TellingJob.Type}:MaxAttempts", "1"));
        pipeline.Script.Throws(new JobRejectedException("broken"));
        pipeline.Get<Told>().Fails = true;
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = FailingJob.Type });
        await pipeline.DeliverAsync();
        Assert.IsType<DeliveryResult.DeadLettered>(await pipeline.DeliverAsync());

        Assert.Equal(0, pipeline.Messages());
        Assert.Equal(2, pipeline.Storage.DeadLetters.All().Count);
        Assert.NotNull(await pipeline.LetterAsync(DeadLetterCallbacks.IdFor(id)));
    }

    [Theory]
    [InlineData("send")]
    [InlineData("write dead letter")]
    public async Task Callback_WhenStorageFailsWhileItIsEnqueued_RunsOnce(string call)
    {
        await using var pipeline = Pipeline();
        pipeline.Script.Throws(new JobRejectedException(new string('x', 3000)));
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = FailingJob.Type });
        pipeline.Storage.FailsAfter = failing => failing.StartsWith(call, StringComparison.Ordinal);
        pipeline.Storage.FailsBefore = failing => failing == "write dead letter";
        await Assert.ThrowsAsync<IOException>(() => pipeline.DeliverAsync());
        pipeline.Storage.FailsAfter = _ => false;
        pipeline.Storage.FailsBefore = _ => false;

        pipeline.AdvanceToNextMessage();
        while (pipeline.Messages() > 0)
        {
            pipeline.AdvanceToNextMessage();
            await pipeline.DeliverAsync();
        }

        Assert.NotNull(await pipeline.LetterAsync(id));
        Assert.Equal(1, pipeline.Get<Told>().Times);
        // The second message belongs to the same job and does not become a dead letter of its own.
        Assert.Single(pipeline.Storage.DeadLetters.All());
    }

    [Fact]
    public void Start_WithAnUnknownCallbackType_SuggestsTheNearest()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TestPipeline(typeof(FailingJob), typeof(OtherJob)));
        Assert.Contains($"OnDeadLetter is '{TellingJob.Type}', which is not a job type", error.Message, StringComparison.Ordinal);
    }

    private static TestPipeline Pipeline(params (string, string)[] settings) =>
        TestPipeline.With([typeof(FailingJob), typeof(TellingJob)], services => services.AddSingleton<Told>(), settings);

    [Job(Type, MaxAttempts = 1, OnDeadLetter = TellingJob.Type)]
    private sealed class FailingJob(Script script) : IJobHandler<ScriptedPayload>
    {
        public const string Type = "order.ship";

        public Task<JobOutcome> HandleAsync(ScriptedPayload payload, JobContext context, CancellationToken cancellationToken) =>
            script.RunAsync(payload, context, cancellationToken);
    }

    [Job(Type)]
    private sealed class TellingJob(Told told) : IJobHandler<DeadLetterCallback>
    {
        public const string Type = "failure.tell";

        public Task<JobOutcome> HandleAsync(DeadLetterCallback payload, JobContext context, CancellationToken cancellationToken)
        {
            (told.Last, told.Times) = (payload, told.Times + 1);
            return told.Fails ? throw new IOException("no receiver") : Task.FromResult(JobOutcome.Success());
        }
    }

    private sealed class Told
    {
        public bool Fails { get; set; }

        public DeadLetterCallback? Last { get; set; }

        public int Times { get; set; }
    }
}
