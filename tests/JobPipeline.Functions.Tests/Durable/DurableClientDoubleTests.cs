using DurableTask.Core.Exceptions;
using JobPipeline.DurableEngine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

public sealed class DurableClientDoubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OfARunningId_IsRejectedAndOfAnEndedIdReplacesIt()
    {
        var rig = new DoubleRig(async context => await context.WaitForExternalEvent<int>("go", CancellationToken.None));
        await rig.StartAsync();
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => rig.StartAsync());
        await rig.RaiseAsync("go", 1);
        await rig.RunDueAsync();
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => rig.Client.ScheduleNewOrchestrationInstanceAsync(
            "main", null, new StartOrchestrationOptions(DoubleRig.Id) { DedupeStatuses = ["Completed"] }, Token));

        await rig.StartAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Pending, await rig.StatusAsync());
    }

    [Fact]
    public async Task Start_AtALaterTime_IsDelayed()
    {
        var rig = new DoubleRig(context => Task.FromResult<object?>(context.CurrentUtcDateTime.Hour));
        await rig.Client.ScheduleNewOrchestrationInstanceAsync(
            "main", null, new StartOrchestrationOptions(DoubleRig.Id, rig.Time.GetUtcNow() + TimeSpan.FromHours(2)), Token);
        await rig.RunDueAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Pending, await rig.StatusAsync());

        await rig.Engine.RunUntilIdleAsync(Token);

        Assert.Equal("11", rig.Main.Output);
    }

    [Fact]
    public async Task Event_ForAMissingInstance_IsDroppedOrRejected()
    {
        var rig = new DoubleRig(_ => Task.FromResult<object?>(null));
        await rig.RaiseAsync("go");
        await rig.RunAsync();
        await rig.RaiseAsync("go");
        await rig.RunDueAsync();
        Assert.DoesNotContain(rig.Main.History, entry => entry is HistoryEntry.Raised);

        rig.Client.RefusesEventsForNobody = true;

        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.RaiseAsync("go"));
    }

    [Fact]
    public async Task Purge_OfEndedInstances_RemovesTheirChildrenIfRecursive()
    {
        var rig = new DoubleRig(async context =>
        {
            await context.CallSubOrchestratorAsync("child", null, new SubOrchestrationOptions(instanceId: "kid"));
            return await context.WaitForExternalEvent<int>("go", CancellationToken.None);
        });
        rig.Engine.AddOrchestrator("child", _ => Task.FromResult<object?>(null));
        await rig.StartAsync();
        await rig.RunDueAsync();
        Assert.Equal(0, (await rig.Client.PurgeInstanceAsync(DoubleRig.Id, Token)).PurgedInstanceCount);
        await rig.RaiseAsync("go", 1);
        await rig.RunDueAsync();

        var purged = await rig.Client.PurgeInstanceAsync(DoubleRig.Id, new PurgeInstanceOptions(Recursive: true), Token);

        Assert.Equal(2, purged.PurgedInstanceCount);
        Assert.Null(await rig.Client.GetInstanceAsync(DoubleRig.Id, Token));
        Assert.Null(await rig.Client.GetInstanceAsync("kid", Token));
    }

    [Fact]
    public async Task List_WithAFilter_ReturnsMatchesPageByPage()
    {
        var rig = new DoubleRig(
            async context => context.GetInput<int>() == 0 ? null : await context.WaitForExternalEvent<int>("go", CancellationToken.None));
        for (var i = 0; i < 5; i++)
            await rig.Client.ScheduleNewOrchestrationInstanceAsync("main", i, new StartOrchestrationOptions($"n{i}"), Token);
        await rig.RunDueAsync();
        var running = new OrchestrationQuery(
            Statuses: [OrchestrationRuntimeStatus.Running], InstanceIdPrefix: "n", PageSize: 3, FetchInputsAndOutputs: true);

        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in rig.Client.GetAllInstancesAsync(running).AsPages())
            pages.Add(page);

        Assert.Equal([3, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(["1", "2", "3", "4"], pages.SelectMany(page => page.Values).Select(instance => instance.SerializedInput));
    }
}
