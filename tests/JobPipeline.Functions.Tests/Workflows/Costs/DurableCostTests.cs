using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Testing;
using JobPipeline.Workflows.Machine;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows.Costs;

/// <summary>
/// What a link of a chain and an item of a fan-out cost in the Functions app: activities, turns of orchestrators and storage
/// requests of ours, without those of Durable itself. Each is the difference of two sizes.
/// </summary>
[Slow]
public sealed class DurableCostTests(SharedAzurite azurite)
{
    private const double Tolerance = 0.05;

    /// <summary>Its own activity, and a tenth of one that saves the instance: ten links take a second.</summary>
    [Theory]
    [InlineData(1, 2, 2, 6)]
    [InlineData(Interpreter.Version, 1.1, 1.2, 4.2)]
    public async Task Link_OfAChain_CostsItsActivityClaimCompletionInputAndOutput(
        int interpreter, double activities, double turns, double requests)
    {
        var (few, many) = (await ChainAsync(interpreter, 5), await ChainAsync(interpreter, 25));

        AssertCost(few, many, 20, activities, turns, requests);
    }

    /// <summary>
    /// Claim, completion and a look at the requests. A strand runs about thirty links of 100 ms; it costs its activity and one that saves
    /// the instance, and seven requests.
    /// </summary>
    [Fact]
    public async Task Link_OfAQuickChain_CostsAShareOfAnActivity()
    {
        var few = await ChainAsync(Interpreter.Version, 5, isQuick: true);
        var many = await ChainAsync(Interpreter.Version, 125, isQuick: true);

        AssertCost(few, many, 120, activities: 0.07, turns: 0.1, requests: 3.3);
    }

    /// <summary>A plain Durable app runs an activity, and a turn of its orchestrator, for each link.</summary>
    [Fact]
    public async Task QuickChain_BesideAPlainDurableApp_NeedsFewerActivitiesAndTurns()
    {
        const int Links = 50;
        var activities = 0;
        var plain = new OrchestrationDouble(new VirtualTimeProvider());
        plain.AddActivity("Link", _ => Task.FromResult<object?>(++activities));
        plain.AddOrchestrator("Chain", async context =>
        {
            for (var i = 0; i < Links; i++)
                await context.CallActivityAsync<int>("Link");
            return null;
        });
        plain.TryStart("Chain", "plain", input: null);
        await plain.RunUntilIdleAsync(TestContext.Current.CancellationToken);

        var ours = await ChainAsync(Interpreter.Version, Links, isQuick: true);

        Assert.True(ours.Activities < activities / 5 && ours.Turns < plain.Find("plain")!.Turns / 5, $"{ours}; {ours.Detail}");
    }

    /// <summary>On its own: activity, claim, completion, input and output. In a pack: claim and completion.</summary>
    [Theory]
    [InlineData(1, "flow.work", 1.01, 1.01, 5.05)]
    [InlineData(Interpreter.Version, "flow.work", 1.01, 1.01, 4.05)]
    [InlineData(Interpreter.Version, "flow.quick", 0.05, 0.05, 2.05)]
    public async Task Item_OfAFanOut_CostsLessInAPack(int interpreter, string type, double activities, double turns, double requests)
    {
        var (few, many) = (await FanOutAsync(interpreter, type, 20), await FanOutAsync(interpreter, type, 220));

        AssertCost(few, many, 200, activities, turns, requests);
    }

    private static void AssertCost(Cost few, Cost many, int more, double activities, double turns, double requests)
    {
        var each = Cost.Each(few, many, more);
        Assert.True(
            each.Activities <= activities + Tolerance && each.Turns <= turns + Tolerance && each.Requests <= requests + Tolerance,
            $"each costs {each}; all: {many.Detail}");
    }

    private async Task<Cost> ChainAsync(int interpreter, int links, bool isQuick = false)
    {
        await using var stage = await DurableStage.StartAsync(
            azurite,
            [Flow([.. Enumerable.Range(0, links).Select(i =>
                i == 0 ? Work("s0") : Work($"s{i}", $"\"needs\": [\"s{i - 1}\"]", $"\"${{{{ steps.s{i - 1}.output }}}}\""))])],
            interpreter,
            isQuick);
        return await RunAsync(stage, new { });
    }

    private async Task<Cost> FanOutAsync(int interpreter, string type, int items)
    {
        var definition = Flow($$$"""
            "all": {
              "forEach": { "items": "${{ input.list }}", "job": "{{{type}}}", "payload": { "name": "${{ item }}", "with": null } }
            }
            """);
        await using var stage = await DurableStage.StartAsync(azurite, [definition], interpreter);
        return await RunAsync(stage, new { list = Enumerable.Range(0, items).Select(i => $"n{i}") });
    }

    private static async Task<Cost> RunAsync(DurableStage stage, object input)
    {
        stage.Script.Act = (payload, _, _) =>
        {
            // Quick work: a second passes for about every ten steps.
            stage.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult<JobOutcome<string>>(payload.Name);
        };
        Assert.True(await stage.StartAsync(input));
        stage.Requests.Reset();
        var ended = await stage.EndAsync();
        Assert.Equal(WorkflowStatus.Completed, ended.State.Status);
        var detail = $"{stage.Requests}; "
            + string.Join(", ", stage.Activities.GroupBy(name => name).Select(group => $"{group.Key} {group.Count()}"));
        return new Cost(stage.Activities.Count, stage.Engine.Instances.Sum(one => one.Turns), stage.Requests.Total, detail);
    }
}
