using JobPipeline.Functions.Timer;
using JobPipeline.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobPipeline.Functions.Tests.Delivery;

public sealed class HousekeepingTests
{
    [Fact]
    public async Task Round_WithADutyThatFails_DoesTheOthers()
    {
        var done = new List<string>();
        var trigger = new HousekeepingTrigger(new Housekeeping(
            [new Duty("first", () => done.Add("first")), new Duty("bad", () => throw new IOException("scripted")), new Duty("last", () => done.Add("last"))],
            NullLogger<Housekeeping>.Instance));
        await trigger.RunAsync(new TimerInfo(), CancellationToken.None);
        Assert.Equal(["first", "last"], done);
    }

    [Fact]
    public async Task Round_OnAStoppingHost_StartsNoFurtherDuty()
    {
        using var stopping = new CancellationTokenSource();
        var done = new List<string>();
        var housekeeping = new Housekeeping([new Duty("first", stopping.Cancel), new Duty("last", () => done.Add("last"))], NullLogger<Housekeeping>.Instance);
        await Assert.ThrowsAsync<OperationCanceledException>(() => housekeeping.RunAsync(stopping.Token));
        Assert.Empty(done);
    }

    private sealed class Duty(string name, Action act) : IHousekeepingDuty
    {
        public string Name => name;

        public Task RunAsync(CancellationToken cancellationToken)
        {
            act();
            return Task.CompletedTask;
        }
    }
}
