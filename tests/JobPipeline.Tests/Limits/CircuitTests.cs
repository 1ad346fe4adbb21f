using JobPipeline.Execution;
using JobPipeline.Handlers;
using JobPipeline.Instances;
using JobPipeline.Jobs;
using JobPipeline.Limits.Circuits;
using JobPipeline.Tests.Rig;

namespace JobPipeline.Tests.Limits;

/// <summary>Tests of when a circuit opens, how its jobs wait, and how it closes again.</summary>
public sealed class CircuitTests
{
    private const string Name = "smtp";
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Failures_OfTwoTypesOfOneCircuit_OpenItForBoth()
    {
        await using var pipeline = Pipeline();
        pipeline.Script.Throws(new IOException("connection refused"));
        await RunAsync(pipeline, ScriptedJob.Type, 2);
        Assert.Equal(CircuitState.Closed, Status(pipeline).State);
        await RunAsync(pipeline, QuickJob.Type, 2);

        Assert.Equal(
            new CircuitStatus(Name, CircuitState.Open, pipeline.Now, pipeline.Now + Break) { OpenSince = pipeline.Now },
            Status(pipeline));
        Assert.Contains(pipeline.Log.Entries, entry => entry.Text.Contains("The circuit smtp opened", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(JobRejectedException))]
    [InlineData(typeof(JobThrottledException))]
    public async Task Failures_NotCausedByTheDependency_LeaveItClosed(Type error)
    {
        await using var pipeline = Pipeline();
        pipeline.Script.Throws((Exception)Activator.CreateInstance(error)!);
        await RunAsync(pipeline, ScriptedJob.Type, 20);

        Assert.Equal(CircuitState.Closed, Status(pipeline).State);
    }

    [Fact]
    public async Task Job_WhileTheCircuitIsOpen_IsDeferredWithoutUsingAnAttempt()
    {
        await using var pipeline = await OpenAsync();
        var starts = pipeline.Script.Starts.Count;
        var id = await pipeline.EnqueueAsync();
        pipeline.Storage.Calls.Clear();

        var result = Assert.IsType<DeliveryResult.Snoozed>(await pipeline.DeliverAsync());

        Assert.InRange(result.PutBackUntil!.Value, pipeline.Now + Break, pipeline.Now + (Break * 1.25));
        Assert.Equal("write Scheduled", Assert.Single(pipeline.Storage.Calls));
        var status = await pipeline.StatusAsync(id);
        Assert.Equal((JobState.Scheduled, 1, result.PutBackUntil), (status.State, status.Attempt, status.DueAt));
        Assert.Equal("the circuit 'smtp' is open: too many attempts failed", status.Reason);
        Assert.Equal(starts, pipeline.Script.Starts.Count);

        pipeline.Script.Returns(JobOutcome.Success());
        pipeline.AdvanceToNextMessage();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(1, Assert.Single((await pipeline.RowsAsync(id)).Attempts).Number);
        Assert.Equal(CircuitState.Closed, Status(pipeline).State);
    }

    [Fact]
    public async Task Job_OfAnotherCircuit_RunsWhileThisOneIsOpen()
    {
        await using var pipeline = await OpenAsync();
        pipeline.Script.Returns(JobOutcome.Success());
        await pipeline.EnqueueAsync(new JobRequest { Type = OtherJob.Type });

        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync(PriorityQueues.High));
    }

    [Fact]
    public async Task HalfOpen_WithATrialCallRunning_DefersTheOtherJobs()
    {
        await using var pipeline = await OpenAsync();
        pipeline.Time.Advance(Break);
        var gate = pipeline.Script.Hangs();
        await pipeline.EnqueueAsync();
        var trying = pipeline.DeliverAsync();
        Assert.Equal(CircuitState.HalfOpen, Status(pipeline).State);

        var other = await pipeline.EnqueueAsync();
        Assert.IsType<DeliveryResult.Snoozed>(await pipeline.DeliverAsync());
        Assert.Contains("circuit 'smtp'", (await pipeline.StatusAsync(other)).Reason, StringComparison.Ordinal);

        gate.SetResult(JobOutcome.Success());
        Assert.IsType<DeliveryResult.Succeeded>(await trying);
        Assert.Equal(CircuitState.Closed, Status(pipeline).State);
    }

    [Fact]
    public async Task HalfOpen_TrialCallFails_OpensAgain()
    {
        await using var pipeline = await OpenAsync();
        pipeline.Time.Advance(Break);
        await RunAsync(pipeline, ScriptedJob.Type, 1);

        Assert.Equal((CircuitState.Open, pipeline.Now + Break), (Status(pipeline).State, Status(pipeline).OpenUntil));
    }

    /// <summary>A snooze states nothing about the dependency.</summary>
    [Fact]
    public async Task HalfOpen_TrialCallSnoozes_OpensAgain()
    {
        await using var pipeline = await OpenAsync();
        pipeline.Time.Advance(Break);
        pipeline.Script.Returns(JobOutcome.Snooze(TimeSpan.FromMinutes(5)));
        await RunAsync(pipeline, ScriptedJob.Type, 1);

        Assert.Equal(CircuitState.Open, Status(pipeline).State);
    }

    [Fact]
    public async Task HalfOpen_TheClaimOfTheTryIsNotWon_AnotherJobTries()
    {
        await using var pipeline = await OpenAsync();
        var ended = await pipeline.EnqueueAsync();
        await pipeline.Client.CancelAsync(ended, "not needed any more", TestContext.Current.CancellationToken);
        pipeline.Time.Advance(Break);
        Assert.IsType<DeliveryResult.Superseded>(await pipeline.DeliverAsync());
        Assert.Equal(CircuitState.HalfOpen, Status(pipeline).State);

        pipeline.Script.Returns(JobOutcome.Success());
        await pipeline.EnqueueAsync();
        Assert.IsType<DeliveryResult.Succeeded>(await pipeline.DeliverAsync());
        Assert.Equal(CircuitState.Closed, Status(pipeline).State);
    }

    /// <summary>The trial call alone decides.</summary>
    [Fact]
    public async Task Open_AnAttemptFromBeforeSucceeds_StaysOpen()
    {
        await using var pipeline = Pipeline();
        var gate = pipeline.Script.Hangs();
        await pipeline.EnqueueAsync();
        var early = pipeline.DeliverAsync();
        pipeline.Script.Throws(new IOException("connection refused"));
        await RunAsync(pipeline, ScriptedJob.Type, 4);

        gate.SetResult(JobOutcome.Success());
        Assert.IsType<DeliveryResult.Succeeded>(await early);
        Assert.Equal(CircuitState.Open, Status(pipeline).State);
    }

    [Fact]
    public async Task Job_WhoseDeadlineComesBeforeItCloses_IsEndedThere()
    {
        await using var pipeline = await OpenAsync();
        var id = await pipeline.EnqueueAsync(new JobRequest { Type = ScriptedJob.Type, ExpiresAt = pipeline.Now.AddSeconds(10) });

        Assert.Equal(pipeline.Now.AddSeconds(10), (await pipeline.DeliverAsync()).PutBackUntil);
        pipeline.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.IsType<DeliveryResult.Expired>(await pipeline.DeliverAsync());
        Assert.Equal(JobState.Expired, await pipeline.StateAsync(id));
    }

    [Fact]
    public async Task Job_CancelledWhileItIsDeferred_IsCancelled()
    {
        await using var pipeline = await OpenAsync();
        var id = await pipeline.EnqueueAsync();
        await pipeline.DeliverAsync();
        await pipeline.Client.CancelAsync(id, "not needed any more", TestContext.Current.CancellationToken);

        Assert.Equal(JobState.Cancelled, await pipeline.StateAsync(id));
    }

    /// <summary>Creates a pipeline whose circuit opens after four failures in half a minute.</summary>
    private static TestPipeline Pipeline() => TestPipeline.With(
        ($"JobPipeline:Jobs:{ScriptedJob.Type}:Circuit", Name),
        ($"JobPipeline:Jobs:{QuickJob.Type}:Circuit", Name),
        ($"JobPipeline:Jobs:{OtherJob.Type}:Circuit", "crm"),
        ($"JobPipeline:Circuits:{Name}:MinimumThroughput", "4"),
        ($"JobPipeline:Circuits:{Name}:BreakDuration", $"{Break:c}"));

    private static async Task<TestPipeline> OpenAsync()
    {
        var pipeline = Pipeline();
        pipeline.Script.Throws(new IOException("connection refused"));
        await RunAsync(pipeline, ScriptedJob.Type, 4);
        Assert.Equal(CircuitState.Open, Status(pipeline).State);
        return pipeline;
    }

    /// <summary>Runs jobs that have one attempt each.</summary>
    private static async Task RunAsync(TestPipeline pipeline, string type, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await pipeline.EnqueueAsync(new JobRequest { Type = type, MaxAttempts = 1 });
            await pipeline.DeliverAsync();
        }
    }

    private static CircuitStatus Status(TestPipeline pipeline) =>
        pipeline.Get<CircuitRegistry>().All.Single(circuit => circuit.Name == Name);
}
