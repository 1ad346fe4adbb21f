using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Tests.Execution;

/// <summary>What a workflow is notified of when the job of a step ends.</summary>
public sealed class NotificationTests
{
    public static TheoryData<string, JobState> Endings => new()
    {
        { "succeeds", JobState.Succeeded },
        { "fails", JobState.DeadLettered },
        { "cancels", JobState.Cancelled },
        { "does not fit", JobState.DeadLettered },
        { "is late", JobState.Expired },
    };

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Workflow_WhoseStepEnded_IsNotifiedOfTheStatusThatIsStored(string ending, JobState state)
    {
        var signals = new Signals();
        await using var pipeline = TestPipeline.With(services => services.AddSingleton<IWorkflowSignals>(signals));
        if (ending == "fails")
            pipeline.Script.Throws(new IOException("unplugged"));
        if (ending == "cancels")
            pipeline.Script.Returns(JobOutcome.Cancel("no more"));
        var id = await SendStepAsync(pipeline, ending);
        // Storage is slow: the clock has moved on when the answer arrives.
        pipeline.Storage.FailsAfter = call =>
        {
            if (call.StartsWith("write ", StringComparison.Ordinal))
                pipeline.Time.Advance(TimeSpan.FromSeconds(3));
            return false;
        };

        await pipeline.DeliverAsync();

        Assert.Equal(state, signals.Status!.State);
        Assert.Equal(await pipeline.StatusAsync(id), signals.Status);
    }

    private static async Task<JobId> SendStepAsync(TestPipeline pipeline, string ending)
    {
        var id = JobId.Create(pipeline.Now);
        var spec = new JobSpec
        {
            Type = ScriptedJob.Type,
            EnqueuedAt = pipeline.Now,
            ExpiresAt = ending == "is late" ? pipeline.Now : null,
            Payload = ending == "does not fit" ? """{ "count": "many" }"""u8.ToArray() : "{}"u8.ToArray(),
            MaxAttempts = 1,
            Workflow = new WorkflowOrigin("an-instance", new StepRun("charge", 1)),
        };
        await pipeline.Storage.Queue.SendAsync(
            PriorityQueues.Normal, JobMessageWriter.Write(id, 1, spec), TimeSpan.Zero, CancellationToken.None);
        return id;
    }

    private sealed class Signals : IWorkflowSignals
    {
        public JobStatus? Status { get; private set; }

        public Task NotifyAsync(
            JobId job, WorkflowOrigin origin, JobStatus ended, bool isRepeated, CancellationToken cancellationToken)
        {
            Status = ended;
            return Task.CompletedTask;
        }
    }
}
