using JobPipeline.DurableEngine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>The engine's response to orchestrators that break its rules.</summary>
public sealed class CarelessOrchestratorTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activity_WithAnotherNameInTheReplay_IsDetected()
    {
        var runs = 0;
        var rig = new DoubleRig(async context => await context.CallActivityAsync<int>(runs++ == 0 ? "double" : "fail", 1));

        var defect = await rig.DefectAsync();

        Assert.Equal((DoubleRig.Id, 2), (defect.Instance, defect.Position));
        Assert.Contains("double", defect.Expected, StringComparison.Ordinal);
        Assert.Contains("fail", defect.Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_WithAnotherInputInTheReplay_IsDetected()
    {
        var runs = 0;
        var rig = new DoubleRig(async context => await context.CallActivityAsync<int>("double", runs++));

        Assert.Contains("Input = 1", (await rig.DefectAsync()).Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timer_FromAnotherClock_IsDetected()
    {
        DoubleRig? rig = null;
        rig = new DoubleRig(async context =>
        {
            await context.CreateTimer(rig!.Time.GetUtcNow().UtcDateTime + Hour, CancellationToken.None);
            return null;
        });

        Assert.Contains(nameof(Decision.SetTimer), (await rig.DefectAsync()).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_ThatChanges_IsDetected()
    {
        var runs = 0;
        var rig = new DoubleRig(async context =>
        {
            int[] inputs = runs++ == 0 ? [1, 2] : [2, 1];
            return (await Task.WhenAll(inputs.Select(input => context.CallActivityAsync<int>("double", input)))).Sum();
        });

        await rig.DefectAsync();
    }

    [Fact]
    public async Task Call_OnlyInTheReplay_IsDetected()
    {
        var rig = new DoubleRig(async context =>
        {
            await context.CallActivityAsync<int>("double", 1);
            if (context.IsReplaying)
                await context.CallActivityAsync<int>("double", 2);
            await context.CallActivityAsync<int>("double", 3);
            return null;
        });

        await rig.DefectAsync();
    }

    [Fact]
    public async Task Output_ThatDiffersInTheReplay_IsDetected()
    {
        var rig = new DoubleRig(async context =>
        {
            await context.CallActivityAsync<int>("double", 1);
            return context.IsReplaying;
        });

        Assert.Contains("true", (await rig.DefectAsync()).Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Await_OfAForeignTimer_IsDetected()
    {
        DoubleRig? rig = null;
        rig = new DoubleRig(async _ =>
        {
            await Task.Delay(Hour, rig!.Time);
            return null;
        });

        Assert.Contains("waits for something", (await rig.DefectAsync()).Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Await_OfAForeignTaskNextToATaskOfTheContext_IsDetectedOnContinuation()
    {
        DoubleRig? rig = null;
        rig = new DoubleRig(async context =>
        {
            var call = context.CreateTimer(2 * Hour, CancellationToken.None);
            await Task.Delay(Hour, rig!.Time);
            await call;
            return null;
        });

        Assert.Contains("did not give", (await rig.DefectAsync()).Actual, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigureAwaitFalse_InAnOrchestrator_LeavesItsThreadAndIsDetected()
    {
        var rig = new DoubleRig(async context => await context.CallActivityAsync<int>("double", 1).ConfigureAwait(false));

        await rig.DefectAsync();
    }

    [Fact]
    public async Task Context_UsedFromAnotherThread_Throws()
    {
        Exception? refused = null;
        var rig = new DoubleRig(context =>
        {
            var thread = new Thread(() => refused = Record.Exception(() => context.SetCustomStatus("mine")));
            thread.Start();
            thread.Join();
            return Task.FromResult<object?>(null);
        });

        Assert.Contains(nameof(TaskOrchestrationContext.SetCustomStatus), (await rig.DefectAsync()).Actual, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(refused);
    }

    [Fact]
    public async Task Timer_NotCancelled_KeepsTheInstanceRunning()
    {
        var rig = new DoubleRig(async context =>
        {
            await Task.WhenAny(context.CallActivityAsync<int>("double", 1), context.CreateTimer(Hour, CancellationToken.None));
            return "done";
        });
        await rig.StartAsync();

        await rig.RunDueAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Running, await rig.StatusAsync());
        rig.Time.Advance(Hour);
        await rig.RunDueAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, await rig.StatusAsync());
    }

    [Fact]
    public async Task Timer_Cancelled_DoesNotKeepTheInstanceRunning()
    {
        var rig = new DoubleRig(async context =>
        {
            using var lost = new CancellationTokenSource();
            await Task.WhenAny(context.CallActivityAsync<int>("double", 1), context.CreateTimer(Hour, lost.Token));
            DoubleRig.Cancel(lost);
            return "done";
        });
        await rig.StartAsync();

        await rig.RunDueAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, await rig.StatusAsync());
        Assert.Null(rig.Engine.NextDue());
    }

    [Fact]
    public async Task Status_OfMoreThan16KiB_FailsTheInstance()
    {
        var rig = new DoubleRig(context =>
        {
            context.SetCustomStatus(new string('x', context.GetInput<int>()));
            return Task.FromResult<object?>(null);
        });

        // Two bytes per character, including the quotes.
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await rig.RunAsync((8 * 1024) - 2)).Status);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await rig.RunAsync((8 * 1024) - 1)).Status);
    }

    [Fact]
    public async Task Waiters_ForTheSameEvent_ReceiveEventsNewestFirst()
    {
        var rig = new DoubleRig(async context =>
        {
            var first = context.WaitForExternalEvent<int>("tick", CancellationToken.None);
            var second = context.WaitForExternalEvent<int>("tick", CancellationToken.None);
            return (int[])[await first, await second];
        });
        await rig.StartAsync();
        await rig.RaiseAsync("tick", 1);
        await rig.RaiseAsync("tick", 2);
        await rig.RunDueAsync();

        Assert.Equal("[2,1]", rig.Main.Output);
    }

    [Fact]
    public async Task Waiter_Cancelled_ConsumesTheEvent()
    {
        var rig = new DoubleRig(async context =>
        {
            using var gone = new CancellationTokenSource();
            _ = context.WaitForExternalEvent<int>("tick", gone.Token);
            DoubleRig.Cancel(gone);
            await context.WaitForExternalEvent<int>("other", CancellationToken.None);
            using var late = new CancellationTokenSource();
            var timeout = context.CreateTimer(Hour, late.Token);
            var won = await Task.WhenAny(context.WaitForExternalEvent<int>("tick", CancellationToken.None), timeout);
            return won == timeout ? "swallowed" : "served";
        });
        await rig.StartAsync();
        await rig.RaiseAsync("tick", 1);
        await rig.RaiseAsync("other", 2);
        await rig.Engine.RunUntilIdleAsync(Token);

        Assert.Equal("\"swallowed\"", rig.Main.Output);
    }
}
