using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>The activities of packs on real storage.</summary>
[Slow]
public sealed class DurablePackTests(SharedAzurite azurite)
{
    private const int Items = 48;

    [Fact]
    public async Task Pack_DeliveredAgainAfterItsEnd_RunsNoItemAgain()
    {
        await using var stage = await StartAsync();
        stage.Engine.Fault = name => name == ItemActivities.Run ? ActivityFault.RunsTwice : ActivityFault.None;

        var ended = await stage.RunAsync(List());

        Assert.Equal((WorkflowStatus.Completed, Items), (ended.State.Status, ended.State.Steps[0].Done));
        Assert.Equal(Items, stage.Script.Starts.Count);
    }

    /// <summary>Some activities are lost, and some of the packs end early.</summary>
    [Fact]
    public async Task Pack_ThatIsLostOrEndsEarly_RunsEachItemOnce()
    {
        await using var stage = await StartAsync();
        var snoozed = new HashSet<string>(StringComparer.Ordinal);
        stage.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(
            payload.Name is "n4" or "n10" && snoozed.Add(payload.Name)
                ? JobOutcome.Snooze(TimeSpan.FromSeconds(1))
                : JobOutcome.Success(payload.Name));
        var calls = 0;
        stage.Engine.Fault = name => name == ItemActivities.Run && ++calls % 3 == 0 ? ActivityFault.Fails : ActivityFault.None;

        var ended = await stage.RunAsync(List());

        Assert.Equal((WorkflowStatus.Completed, Items), (ended.State.Status, ended.State.Steps[0].Done));
        Assert.Equal(Items + snoozed.Count, stage.Script.Starts.Count);
    }

    [Fact]
    public async Task Pack_OfSlowItems_HandsBackTheRest()
    {
        await using var stage = await StartAsync();
        stage.Script.Act = (payload, _, _) =>
        {
            stage.Time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult<JobOutcome<string>>(payload.Name);
        };

        var ended = await stage.RunAsync(List());

        Assert.Equal((WorkflowStatus.Completed, Items), (ended.State.Status, ended.State.Steps[0].Done));
        Assert.Equal(Items, stage.Script.Starts.Count);
        // Two items in each pack of six, until the rest is small.
        Assert.InRange(stage.Activities.Count(name => name == ItemActivities.Run), Items / 2, Items);
    }

    [Fact]
    public async Task FanOut_OfAStepWithATimeout_RunsWithoutPacks()
    {
        await using var stage = await StartAsync(""", "timeout": "00:01:00" """);

        Assert.Equal(WorkflowStatus.Completed, (await stage.RunAsync(List())).State.Status);

        Assert.DoesNotContain(ItemActivities.Run, stage.Activities);
    }

    private Task<DurableStage> StartAsync(string more = "") => DurableStage.StartAsync(azurite, [Flow($$$"""
        "all": {
          "forEach": {
            "items": "${{ input.list }}", "maxParallel": 3, "job": "flow.quick", "payload": { "name": "${{ item }}", "with": null }
          }{{{more}}}
        }
        """)]);

    private static object List() => new { list = Enumerable.Range(0, Items).Select(i => $"n{i}") };
}
