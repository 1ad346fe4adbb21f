using JobPipeline.DurableEngine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>The behaviour of correct orchestrators on the double.</summary>
public sealed class OrchestrationDoubleTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activities_OneAfterAnother_AreReplayedFromHistoryEveryTurn()
    {
        var replays = new List<bool>();
        var rig = new DoubleRig(async context =>
        {
            replays.Add(context.IsReplaying);
            var once = await context.CallActivityAsync<int>("double", context.GetInput<int>());
            return await context.CallActivityAsync<int>("double", once);
        });

        var ended = await rig.RunAsync(3);

        Assert.Equal((OrchestrationRuntimeStatus.Completed, "12"), (ended.Status, ended.Output));
        Assert.Equal(["3", "6"], rig.Calls);
        Assert.Equal(3, ended.Turns);
        Assert.Equal([false, true, true], replays.Take(3));
    }

    [Fact]
    public async Task Timers_OfEightHours_TakeNoRealTime()
    {
        var rig = new DoubleRig(async context =>
        {
            await context.CreateTimer(TimeSpan.FromHours(8), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        var began = rig.Time.GetUtcNow();

        var ended = await rig.RunAsync();

        Assert.Equal(TimeSpan.FromHours(8), rig.Time.GetUtcNow() - began);
        Assert.Equal(DurableJson.Write(rig.Time.GetUtcNow().UtcDateTime, DurableJson.Default), ended.Output);
    }

    [Fact]
    public async Task Values_PassedToActivities_AreCopies()
    {
        List<int> given = [1];
        var rig = new DoubleRig(async context => await context.CallActivityAsync<List<int>>("keep", context.GetInput<List<int>>()));
        rig.Engine.AddActivity("keep", input => Task.FromResult<object?>(DurableJson.Read<List<int>>(input, DurableJson.Default)));
        await rig.StartAsync(given);
        given.Add(2);

        await rig.RunDueAsync();

        Assert.Equal("[1]", rig.Main.Output);
    }

    [Fact]
    public async Task Failure_OfAnActivity_ArrivesAsDetailsNotAsItsException()
    {
        TaskFailedException? caught = null;
        var rig = new DoubleRig(async context =>
        {
            try
            {
                return await context.CallActivityAsync<int>("fail");
            }
            catch (TaskFailedException e)
            {
                caught = e;
                return -1;
            }
        });

        Assert.Equal("-1", (await rig.RunAsync()).Output);
        Assert.Equal(
            ("fail", typeof(InvalidDataException).FullName, "no good"),
            (caught!.TaskName, caught.FailureDetails.ErrorType, caught.FailureDetails.ErrorMessage));
        Assert.Equal("deep down", caught.FailureDetails.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task Failure_Uncaught_FailsTheInstanceAndItsParent()
    {
        var rig = new DoubleRig(
            async context => await context.CallSubOrchestratorAsync<int>("child", null, new SubOrchestrationOptions(instanceId: "kid")));
        rig.Engine.AddOrchestrator("child", async context => await context.CallActivityAsync<int>("fail"));

        var ended = await rig.RunAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.Status);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, rig.Engine.Find("kid")!.Status);
        Assert.Equal("no good", ended.Failure!.InnerFailure!.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task Child_OfAGivenId_KnowsItsParentAndAnswersIt()
    {
        var rig = new DoubleRig(
            async context => await context.CallSubOrchestratorAsync<string>(
                "child", "Ada", new SubOrchestrationOptions(instanceId: "kid")));
        rig.Engine.AddOrchestrator(
            "child",
            context => Task.FromResult<object?>($"{context.InstanceId} of {context.Parent!.InstanceId} has {context.GetInput<string>()}"));

        Assert.Equal("\"kid of one has Ada\"", (await rig.RunAsync()).Output);
    }

    [Fact]
    public async Task RetryPolicy_OfAFailingActivity_RetriesWithTimers()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromMinutes(1), backoffCoefficient: 2);
        var rig = new DoubleRig(async context => await context.CallActivityAsync<int>("fail", "x", TaskOptions.FromRetryPolicy(policy)));
        var began = rig.Time.GetUtcNow();

        var ended = await rig.RunAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.Status);
        Assert.Equal(3, rig.Calls.Count);
        Assert.Equal(TimeSpan.FromMinutes(3), rig.Time.GetUtcNow() - began);
        // A timer also follows the last attempt.
        Assert.Equal(3, ended.History.Count(entry => entry is HistoryEntry.TimerFired));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Activities_Concurrent_CompleteInTheChosenOrder(int seed)
    {
        var random = new Random(seed);
        var rig = new DoubleRig(
            async context => (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => context.CallActivityAsync<int>("double", i)))).Sum());
        rig.Engine.Choose = random.Next;

        Assert.Equal("56", (await rig.RunAsync()).Output);
        Assert.NotEqual(rig.Calls.Order(StringComparer.Ordinal), rig.Calls);
    }

    [Fact]
    public async Task Activity_RunTwice_CompletesOnce()
    {
        var rig = new DoubleRig(
            async context => await context.CallActivityAsync<int>("double", 1) + await context.CallActivityAsync<int>("double", 2));
        rig.Engine.Fault = _ => ActivityFault.RunsTwice;

        Assert.Equal("6", (await rig.RunAsync()).Output);
        Assert.Equal(["1", "1", "2", "2"], rig.Calls);
    }

    [Fact]
    public async Task Activity_ThatCannotBeRun_IsRetriedByThePolicy()
    {
        var failures = 1;
        var rig = new DoubleRig(
            async context => await context.CallActivityAsync<int>("double", 4, TaskOptions.FromRetryPolicy(new RetryPolicy(2, Hour))));
        rig.Engine.Fault = _ => failures-- > 0 ? ActivityFault.Fails : ActivityFault.None;

        Assert.Equal("8", (await rig.RunAsync()).Output);
    }

    [Fact]
    public async Task Event_BetweenInstances_Arrives()
    {
        var rig = new DoubleRig(async context =>
        {
            context.SendEvent("other", "hello", "from one");
            context.SendEvent("nobody", "hello", "dropped");
            await context.CreateTimer(Hour, CancellationToken.None);
            return null;
        });
        rig.Engine.AddOrchestrator(
            "listener",
            async context => await context.WaitForExternalEvent<string>("HELLO", CancellationToken.None));
        await rig.Client.ScheduleNewOrchestrationInstanceAsync("listener", null, new StartOrchestrationOptions("other"), Token);

        await rig.RunAsync();

        Assert.Equal("\"from one\"", rig.Engine.Find("other")!.Output);
    }

    [Fact]
    public async Task Instance_WhileSuspended_HoldsEventsUntilTheResume()
    {
        var rig = new DoubleRig(async context => await context.WaitForExternalEvent<string>("go", CancellationToken.None));
        await rig.StartAsync();
        await rig.RunDueAsync();
        await rig.Client.SuspendInstanceAsync(DoubleRig.Id, "lunch", Token);
        await rig.RaiseAsync("go", "on");
        await rig.RunDueAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await rig.StatusAsync());

        await rig.Client.ResumeInstanceAsync(DoubleRig.Id, cancellation: Token);
        await rig.RunDueAsync();

        Assert.Equal("\"on\"", rig.Main.Output);
    }

    [Fact]
    public async Task Terminate_OfAParent_EndsWithTheGivenOutputAndKeepsChildrenUnlessRecursive()
    {
        var rig = new DoubleRig(
            async context => await context.CallSubOrchestratorAsync<string>("child", null, new SubOrchestrationOptions(instanceId: "kid")));
        rig.Engine.AddOrchestrator("child", async context => await context.WaitForExternalEvent<string>("go", CancellationToken.None));
        await rig.StartAsync();
        await rig.RunDueAsync();

        await rig.Client.TerminateInstanceAsync(DoubleRig.Id, "enough", Token);
        await rig.RunDueAsync();

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "\"enough\""), (rig.Main.Status, rig.Main.Output));
        Assert.Equal(OrchestrationRuntimeStatus.Running, rig.Engine.Find("kid")!.Status);
        await rig.Client.TerminateInstanceAsync(DoubleRig.Id, new TerminateInstanceOptions(Recursive: true), Token);
        await rig.RunDueAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, rig.Engine.Find("kid")!.Status);
    }
}
