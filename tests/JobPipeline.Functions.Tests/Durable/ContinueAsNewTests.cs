using JobPipeline.DurableEngine;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>The state that continue-as-new carries over to the next execution, and the state that it drops.</summary>
public sealed class ContinueAsNewTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NextExecution_AfterContinueAsNew_StartsWithItsInputAndAnEmptyHistory()
    {
        var rig = new DoubleRig(async context =>
        {
            var round = context.GetInput<int>();
            await context.CallActivityAsync<int>("double", round);
            if (round == 3)
                return round;
            context.ContinueAsNew(round + 1);
            return null;
        });

        var ended = await rig.RunAsync(1);

        Assert.Equal((OrchestrationRuntimeStatus.Completed, "3", 3), (ended.Status, ended.Output, ended.Execution));
        Assert.Single(ended.History, entry => entry is HistoryEntry.Decided);
    }

    [Fact]
    public async Task Activity_InFlight_DelaysTheNextExecutionAndItsResultIsLost()
    {
        var answer = new TaskCompletionSource<object?>();
        var rig = new DoubleRig(context =>
        {
            if (context.GetInput<int>() == 2)
                return Task.FromResult<object?>("second");
            _ = context.CallActivityAsync<int>("slow");
            context.ContinueAsNew(2);
            return Task.FromResult<object?>(null);
        });
        rig.Engine.AddActivity("slow", _ => answer.Task);
        await rig.StartAsync(1);
        var running = rig.RunDueAsync();
        Assert.Equal((OrchestrationRuntimeStatus.Running, 1), (rig.Main.Status, rig.Main.Execution));

        answer.SetResult(1);
        await running;

        Assert.Equal(("\"second\"", 2), (rig.Main.Output, rig.Main.Execution));
        Assert.DoesNotContain(rig.Main.History, entry => entry is HistoryEntry.Succeeded);
    }

    [Theory]
    [InlineData(true, "\"kept\"")]
    [InlineData(false, "\"lost\"")]
    public async Task Event_NotYetAwaited_IsCarriedOverOnlyIfPreserved(bool isPreserved, string expected)
    {
        var rig = new DoubleRig(async context =>
        {
            if (context.GetInput<int>() == 1)
            {
                await context.WaitForExternalEvent<int>("go", CancellationToken.None);
                context.ContinueAsNew(2, isPreserved);
                return null;
            }

            using var late = new CancellationTokenSource();
            var timeout = context.CreateTimer(Hour, late.Token);
            var won = await Task.WhenAny(context.WaitForExternalEvent<int>("early", CancellationToken.None), timeout);
            DoubleRig.Cancel(late);
            return won == timeout ? "lost" : "kept";
        });
        await rig.StartAsync(1);
        await rig.RaiseAsync("early", 1);
        await rig.RaiseAsync("go", 2);
        await rig.Engine.RunUntilIdleAsync(Token);

        Assert.Equal(expected, rig.Main.Output);
    }

    [Fact]
    public async Task Event_ConsumedByAnAbandonedWaiter_IsLost()
    {
        var rig = new DoubleRig(async context =>
        {
            if (context.GetInput<int>() == 1)
            {
                _ = context.WaitForExternalEvent<int>("early", CancellationToken.None);
                await context.WaitForExternalEvent<int>("go", CancellationToken.None);
                context.ContinueAsNew(2);
                return null;
            }

            var timeout = context.CreateTimer(Hour, CancellationToken.None);
            var won = await Task.WhenAny(context.WaitForExternalEvent<int>("early", CancellationToken.None), timeout);
            return won == timeout ? "lost" : "kept";
        });
        await rig.StartAsync(1);
        await rig.RaiseAsync("early", 1);
        await rig.RaiseAsync("go", 2);
        await rig.Engine.RunUntilIdleAsync(Token);

        Assert.Equal("\"lost\"", rig.Main.Output);
    }

    [Fact]
    public async Task Event_ArrivingAfterContinueAsNew_BelongsToTheNextExecution()
    {
        var rig = new DoubleRig(async context =>
        {
            var got = await context.WaitForExternalEvent<int>("tick", CancellationToken.None);
            if (context.GetInput<int>() == 2)
                return got;
            context.ContinueAsNew(2);
            return null;
        });
        await rig.StartAsync(1);
        await rig.RaiseAsync("tick", 1);
        await rig.RaiseAsync("tick", 2);
        rig.Engine.EventsPerTurn = 10;
        await rig.RunDueAsync();

        Assert.Equal("2", rig.Main.Output);
    }
}
