using System.Text;
using System.Text.Json;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Tests.Workflows.Running;

/// <summary>Tests that persistent failures are counted, bounded and don't affect other workflow instances.</summary>
public sealed class LocalWorkflowPoisonTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static TheoryData<Exception> Unknown =>
        [new InvalidOperationException("no good"), new InvalidDataException("torn"), new KeyNotFoundException("a defect")];

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Run_WithAnUnknownError_IsRetriedAFewTimesThenFailsTheStep(Exception error)
    {
        await using var rig = new PoisonRig();
        var tries = 0;
        rig.JobSends = _ => ++tries > 0 ? error : null;
        await rig.StartAsync(Flow(Work("a", "\"timeout\": \"1.00:00:00\"")));

        await rig.RunForAsync(Long);

        var ended = await rig.ReadAsync();
        Assert.Equal((WorkflowStatus.Failed, $"step 'a' failed: {error.Message}"), (ended.State.Status, ended.State.Reason));
        Assert.Equal((10, true, null), (tries, ended.HasEnded, ended.Stall));
        // Its start and one timer, sent once each, however often the job was retried.
        Assert.Equal(2, rig.EventsSent[PoisonRig.Id]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Run_ThatFailsPersistently_DoesNotDelayAHealthyInstance(int poisoned)
    {
        await using var alone = new PoisonRig();
        await alone.StartAsync(Flow(Work("a"), Work("b", "\"needs\": [\"a\"], \"timeout\": \"00:10:00\"")), id: PoisonRig.Healthy);
        await alone.RunForAsync(TimeSpan.Zero);
        await using var rig = new PoisonRig();
        rig.JobSends = message => message.Contains("\"bad", StringComparison.Ordinal) ? new InvalidOperationException("no good") : null;
        for (var i = 0; i < poisoned; i++)
            await rig.StartAsync(Flow(Work($"bad{i}", "\"timeout\": \"00:30:00\"")), id: $"{PoisonRig.Id}-{i}");
        await rig.RunForAsync(TimeSpan.FromSeconds(10));

        await rig.StartAsync(Flow(Work("a"), Work("b", "\"needs\": [\"a\"], \"timeout\": \"00:10:00\"")), id: PoisonRig.Healthy);
        await rig.RunForAsync(TimeSpan.Zero);

        Assert.Equal(WorkflowStatus.Completed, (await rig.ReadAsync(PoisonRig.Healthy)).State.Status);
        Assert.Equal(alone.EventsSent[PoisonRig.Healthy], rig.EventsSent[PoisonRig.Healthy]);
        Assert.All(Enumerable.Range(0, poisoned), i => Assert.Equal(2, rig.EventsSent[$"{PoisonRig.Id}-{i}"]));
    }

    [Fact]
    public async Task Effect_ThatFails_NeitherBlocksNorRepeatsTheOthers()
    {
        await using var rig = new PoisonRig();
        rig.JobSends = message => message.Contains("\"bad\"", StringComparison.Ordinal) ? new IOException("unplugged") : null;
        await rig.StartAsync(
            Flow(
                Work("bad", "\"timeout\": \"1.00:00:00\""),
                Work("good"),
                Work("after", "\"needs\": [\"good\"], \"timeout\": \"1.00:00:00\"")));

        await rig.RunForAsync(Long);

        Assert.Equal(["good", "after"], rig.Script.Starts);
        var running = await rig.ReadAsync();
        Assert.Equal("bad", Assert.IsType<WorkflowEffect.Run>(Assert.Single(running.Outbox)).Attempt.Step);
        Assert.True(running.Stall!.IsLasting);
        rig.JobSends = static _ => null;
        await rig.RunForAsync(TimeSpan.FromMinutes(6));
        Assert.Equal((WorkflowStatus.Completed, null), ((await rig.ReadAsync()).State.Status, (await rig.ReadAsync()).Stall));
        Assert.Equal(["good", "after", "bad"], rig.Script.Starts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminate_WithAFailingOutbox_EndsTheInstance(bool isOutage)
    {
        await using var rig = new PoisonRig();
        rig.JobSends = _ => isOutage ? new IOException("unplugged") : new InvalidOperationException("no good");
        await rig.StartAsync(
            Flow(Work("a", "\"timeout\": \"1.00:00:00\""), Work("b"), """ "ok": { "waitFor": "approved", "timeout": "1.00:00:00" } """));
        await rig.RunForAsync(TimeSpan.FromSeconds(20));

        Assert.True(await rig.Workflows.RequestAsync(PoisonRig.Id, new WorkflowEvent.TerminateRequested("enough"), CancellationToken.None));
        await rig.RunForAsync(TimeSpan.Zero);

        var ended = await rig.ReadAsync();
        Assert.Equal((WorkflowStatus.Terminated, true), (ended.State.Status, ended.HasEnded));
        Assert.True(await rig.Workflows.PurgeAsync(PoisonRig.Id, CancellationToken.None));
        Assert.Null(await rig.Workflows.ReadAsync(PoisonRig.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Cancel_InstanceWhoseJobCannotBeSent_Ends()
    {
        await using var rig = new PoisonRig();
        rig.JobSends = _ => new InvalidOperationException("no good");
        await rig.StartAsync(Flow(Work("a")));
        await rig.RunForAsync(TimeSpan.FromSeconds(3));

        Assert.True(await rig.Workflows.RequestAsync(PoisonRig.Id, new WorkflowEvent.CancelRequested("enough"), CancellationToken.None));
        await rig.RunForAsync(Long);

        Assert.Equal((WorkflowStatus.Cancelled, true), ((await rig.ReadAsync()).State.Status, (await rig.ReadAsync()).HasEnded));
    }

    [Fact]
    public async Task Event_AfterWhichTheInstanceCannotBeSaved_IsDeadLetteredAndTheInstanceFails()
    {
        await using var rig = new PoisonRig();
        await rig.StartAsync(Flow("""  "ok": { "waitFor": "approved" } """, Work("b", "\"needs\": [\"ok\"]")));
        await rig.RunForAsync(TimeSpan.Zero);
        var tries = 0;
        rig.Saves = instance =>
            instance.State.Steps[0].Status == StepStatus.Succeeded && ++tries > 0 ? new InvalidDataException("the row is too large") : null;
        await rig.Workflows.RaiseAsync(PoisonRig.Id, "approved", default, CancellationToken.None);

        await rig.RunForAsync(Long);

        var ended = await rig.ReadAsync();
        Assert.Equal((WorkflowStatus.Failed, true), (ended.State.Status, ended.HasEnded));
        Assert.Equal("the workflow can't continue: the row is too large", ended.State.Reason);
        Assert.Equal(10, tries);
        var deadLetter = await rig.Pipeline.OnlyLetterAsync();
        Assert.Equal((DeadLetterReason.Poison, WorkflowEvents.Queue), (deadLetter.Reason, deadLetter.Queue));
        Assert.Equal(0, rig.Pipeline.Messages(WorkflowEvents.Queue));
    }

    [Fact]
    public async Task Terminate_WithAnEventThatCannotBeApplied_EndsTheInstance()
    {
        await using var rig = new PoisonRig();
        await rig.StartAsync(Flow("""  "ok": { "waitFor": "approved" } """));
        await rig.RunForAsync(TimeSpan.Zero);
        rig.Saves = instance =>
            instance.State.Steps[0].Status == StepStatus.Succeeded ? new InvalidDataException("the row is too large") : null;
        await rig.Workflows.RaiseAsync(PoisonRig.Id, "approved", default, CancellationToken.None);

        await rig.Workflows.RequestAsync(PoisonRig.Id, new WorkflowEvent.TerminateRequested("enough"), CancellationToken.None);
        await rig.RunForAsync(TimeSpan.Zero);

        Assert.Equal((WorkflowStatus.Terminated, true), ((await rig.ReadAsync()).State.Status, (await rig.ReadAsync()).HasEnded));
    }

    [Theory]
    [InlineData("{\"instance\":\"a/b\",\"event\":{\"event\":\"started\"}}")]
    [InlineData("{\"instance\":\"\",\"event\":{\"event\":\"started\"}}")]
    [InlineData("{\"instance\":\"\\ud800\",\"event\":{\"event\":\"started\"}}")]
    [InlineData("{\"instance\":\"x\",\"event\":{\"event\":\"raised\",\"name\":\"\\ud800\",\"id\":\"1\"}}")]
    [InlineData("{\"instance\":\"x\",\"event\":{\"event\":\"nonsense\"}}")]
    [InlineData("{\"instance\":\"x\",\"event\":{\"\\ud800\":1,\"event\":\"started\"}}")]
    [InlineData("{\"instance\":\"x\",\"event\":null}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Message_ThatIsNotAnEvent_BecomesADeadLetterAtOnce(string message)
    {
        await using var rig = new PoisonRig();
        await rig.Pipeline.DropAsync(message, WorkflowEvents.Queue);

        await rig.RunForAsync(TimeSpan.Zero);

        Assert.Equal(DeadLetterReason.Unreadable, (await rig.Pipeline.OnlyLetterAsync()).Reason);
        Assert.Equal(0, rig.Pipeline.Messages(WorkflowEvents.Queue));
    }

    [Theory]
    [InlineData(40, 30)]
    [InlineData(61, 1)]
    [InlineData(1, 61)]
    public async Task Payload_TooDeeplyNestedOnceFilled_FailsTheStepAndNamesTheLimit(int input, int payload)
    {
        await using var rig = new PoisonRig();
        var with = new string('[', payload) + "\"${{ input }}\"" + new string(']', payload);
        await rig.StartAsync(Flow(Work("deep", with: with)), new string('[', input) + new string(']', input));

        await rig.RunForAsync(TimeSpan.Zero);

        var ended = await rig.ReadAsync();
        Assert.Equal(WorkflowStatus.Failed, ended.State.Status);
        Assert.Equal("the input of step 'deep' is nested deeper than 61 levels", ended.State.Steps[0].Error);
    }

    [Fact]
    public async Task Input_AcceptedByAnEarlierRelease_FailsOnlyTheStepThatUsesIt()
    {
        await using var rig = new PoisonRig();
        var definition = Flow(Work("uses", with: "\"${{ input }}\""), Work("else"));
        foreach (
            var (id, input) in new[] { ("deep", new string('[', 64) + new string(']', 64)), ("odd", "{\"a\":\"\\ud800\"}"), ("torn", "{") })
        {
            await rig.StartAsync(definition, id: id);
            await rig.Pipeline.Storage.WorkflowData.WriteAsync(
                id,
                [KeyValuePair.Create((await rig.ReadAsync(id)).InputName, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(input))],
                CancellationToken.None);
            await rig.RunForAsync(TimeSpan.Zero);
            Assert.Equal([StepStatus.Failed, StepStatus.Succeeded], (await rig.ReadAsync(id)).State.Steps.Select(step => step.Status));
        }
    }

    [Fact]
    public async Task StartAndRaise_ValueOutOfBounds_Throw()
    {
        await using var rig = new PoisonRig();
        foreach (
            var json in new[]
            {
                new string('[', 62) + new string(']', 62),
                "\"\\ud800\"",
                "{\"\\ud800\":1}",
                "{\"a\":1,\"a\":1}",
                "{",
                "1 2",
                $"\"{new string('x', WorkflowValue.MaxBytes)}\"",
            })
        {
            await Assert.ThrowsAsync<MessageFormatException>(() => rig.StartAsync(Flow(Work("a")), json));
            await Assert.ThrowsAsync<MessageFormatException>(() =>
                rig.Workflows.RaiseAsync(PoisonRig.Id, "x", Encoding.UTF8.GetBytes(json), CancellationToken.None));
        }

        Assert.Null(await rig.Workflows.ReadAsync(PoisonRig.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Stall_OfAnInstance_IsListedUntilItProgresses()
    {
        await using var rig = new PoisonRig();
        rig.JobSends = _ => new IOException("unplugged");
        await rig.StartAsync(Flow(Work("a")));
        await rig.RunForAsync(TimeSpan.FromSeconds(30));

        Assert.True(Assert.Single((await rig.Workflows.ListAsync(new(), null, 1, CancellationToken.None)).Instances).IsStalled);

        rig.JobSends = static _ => null;
        await rig.RunForAsync(TimeSpan.FromMinutes(5));
        var listed = Assert.Single((await rig.Workflows.ListAsync(new(), null, 1, CancellationToken.None)).Instances);
        Assert.Equal((WorkflowStatus.Completed, false), (listed.Status, listed.IsStalled));
    }

    [Fact]
    public void Stall_Stored_IsReadBack()
    {
        var stall = new WorkflowStall(3, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(1), "odd \ud800", "m-1");
        Assert.Equal(
            stall with
            {
                Error = "odd \ufffd",
            },
            JsonSerializer.Deserialize<WorkflowStall>(JsonSerializer.Serialize(stall, JobJson.Options), JobJson.Options));
    }
}
