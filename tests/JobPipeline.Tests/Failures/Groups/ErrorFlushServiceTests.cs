using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Jobs;
using JobPipeline.Tests.Jobs;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Options;

namespace JobPipeline.Tests.Failures.Groups;

public sealed class ErrorFlushServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Service_WhileItRuns_WritesEveryTwoSeconds()
    {
        await using var pipeline = TestPipeline.With();
        var written = new SemaphoreSlim(0);
        pipeline.Storage.ErrorGroups.Before = call =>
        {
            if (call == "write")
                written.Release();
            return Task.CompletedTask;
        };
        using var service = new ErrorFlushService(pipeline.Errors, pipeline.Time, Options.Create(new ErrorGroupOptions()));
        using var stopping = new CancellationTokenSource();
        See(pipeline);
        var running = service.KeepFlushingAsync(stopping.Token);

        pipeline.Time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, written.CurrentCount);
        pipeline.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await written.WaitAsync(HangTimeout.Limit, Token), "the failures were not written in time");

        await stopping.CancelAsync();
        await running;
        Assert.Equal(1, Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).Count);
    }

    [Fact]
    public async Task Stop_WithPendingFailures_WritesThem()
    {
        await using var pipeline = TestPipeline.With();
        using var service = new ErrorFlushService(pipeline.Errors, pipeline.Time, Options.Create(new ErrorGroupOptions()));
        await service.StartAsync(Token);
        See(pipeline);

        await service.StopAsync(Token);

        Assert.Equal(1, Assert.Single(pipeline.Storage.ErrorGroups.Store.All()).Count);
    }

    [Fact]
    public async Task Stop_WhileStorageHangs_EndsAtTheHostsTimeout()
    {
        await using var pipeline = TestPipeline.With();
        pipeline.Storage.ErrorGroups.Before = static _ => new TaskCompletionSource().Task;
        using var service = new ErrorFlushService(pipeline.Errors, pipeline.Time, Options.Create(new ErrorGroupOptions()));
        await service.StartAsync(Token);
        See(pipeline);
        using var timeout = new CancellationTokenSource();

        var stopping = service.StopAsync(timeout.Token);
        Assert.False(stopping.IsCompleted);
        await timeout.CancelAsync();

        await stopping.InTime();
    }

    private static void See(TestPipeline pipeline) =>
        pipeline.Errors.Seen(
            ScriptedJob.Type,
            new AttemptError(ErrorKind.Transient, "System.IO.IOException", "unplugged", null, pipeline.Now, TimeSpan.Zero, "w")
            {
                Group = "0123456789abcdef",
            },
            Golden.Id,
            1);
}
