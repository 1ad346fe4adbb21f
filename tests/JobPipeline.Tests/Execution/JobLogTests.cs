using JobPipeline.Handlers;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Tests.Execution;

/// <summary>Tests of the log lines about jobs at the default level.</summary>
public sealed class JobLogTests : IAsyncDisposable
{
    private const int Retry = 1001;
    private const int Letter = 1002;
    private const int Step = 1013;

    private readonly TestPipeline _pipeline = new();

    [Fact]
    public async Task Success_AtTheDefaultLevel_IsNotLogged()
    {
        await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();

        Assert.DoesNotContain(_pipeline.Log.Entries, entry => entry.Level >= LogLevel.Information);
    }

    [Fact]
    public async Task Failure_ThatIsRetried_LogsJobTypeAndMessage()
    {
        _pipeline.Script.Throws(new IOException("the disk is full"));
        var id = await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();

        var line = Assert.Single(_pipeline.Log.Entries, entry => entry.Level >= LogLevel.Information);
        Assert.Equal((Retry, LogLevel.Warning), (line.Event.Id, line.Level));
        Assert.StartsWith(
            $"Job {id} (mail.send) attempt 1 failed (Transient): System.IO.IOException: the disk is full. ",
            line.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_ThatIsFinal_LogsJobTypeAndMessage()
    {
        _pipeline.Script.Throws(new JobRejectedException("there is no such customer"));
        var id = await _pipeline.EnqueueAsync();
        await _pipeline.DeliverAsync();

        var line = Assert.Single(_pipeline.Log.Entries, entry => entry.Event.Id == Letter);
        Assert.StartsWith(
            $"Job {id} (mail.send) became a dead letter (PermanentFailure): "
                + "JobPipeline.Handlers.JobRejectedException: there is no such customer",
            line.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payload_ThatIsInvalid_IsNotLogged()
    {
        await _pipeline.DropAsync("""{ "type": "mail.send", "payload": { "count": "t0ps3cr3t" } }""");
        await _pipeline.DeliverAsync();

        Assert.Contains(
            _pipeline.Log.Entries,
            entry => entry.Event.Id == Letter
                && entry.Text.Contains("(InvalidPayload): see the record for the reason", StringComparison.Ordinal));
        Assert.DoesNotContain(_pipeline.Log.Entries, entry => entry.Text.Contains("t0ps3cr3t", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "to": "me" }""", "PermanentFailure", "there is no such customer")]
    [InlineData("""{ "count": "many" }""", "InvalidPayload", "see the record for the reason")]
    public async Task Failure_OfAWorkflowsStep_IsNoDeadLetter(string payload, string reason, string why)
    {
        _pipeline.Script.Throws(new JobRejectedException("there is no such customer"));
        var id = JobId.Create(_pipeline.Now);
        var spec = new JobSpec
        {
            Type = ScriptedJob.Type,
            EnqueuedAt = _pipeline.Now,
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
            MaxAttempts = 1,
            Workflow = new WorkflowOrigin("an-instance", new StepRun("charge", 1)),
        };
        var message = JobMessageWriter.Write(id, 1, spec);
        await _pipeline.Storage.Queue.SendAsync(PriorityQueues.Normal, message, TimeSpan.Zero, CancellationToken.None);
        await _pipeline.DeliverAsync();

        Assert.DoesNotContain(_pipeline.Log.Entries, entry => entry.Event.Id == Letter || entry.Level >= LogLevel.Error);
        Assert.Empty(_pipeline.Storage.DeadLetters.All());
        var line = Assert.Single(_pipeline.Log.Entries, entry => entry.Event.Id == Step);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.StartsWith(
            $"Job {id} (mail.send), step 'charge' of workflow an-instance, failed ({reason}): ", line.Text, StringComparison.Ordinal);
        Assert.Contains(why, line.Text, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _pipeline.DisposeAsync();
}
