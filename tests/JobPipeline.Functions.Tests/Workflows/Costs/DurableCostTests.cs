using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
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
    [Fact]
    public async Task Link_OfAChain_Costs()
    {
        var (few, many) = (await ChainAsync(5), await ChainAsync(25));

        TestContext.Current.SendDiagnosticMessage("{0}", Cost.Each(few, many, 20).ToString());
        Console.WriteLine($"link: {Cost.Each(few, many, 20)} | {many.Detail}");
    }

    [Theory]
    [InlineData("flow.work")]
    [InlineData("flow.quick")]
    public async Task Item_OfAFanOut_Costs(string type)
    {
        var (few, many) = (await FanOutAsync(type, 20), await FanOutAsync(type, 220));

        Console.WriteLine($"item of {type}: {Cost.Each(few, many, 200)} | {many.Detail}");
    }

    private async Task<Cost> ChainAsync(int links)
    {
        await using var stage = await DurableStage.StartAsync(
            azurite,
            [Flow([.. Enumerable.Range(0, links).Select(i =>
                i == 0 ? Work("s0") : Work($"s{i}", $"\"needs\": [\"s{i - 1}\"]", $"\"${{{{ steps.s{i - 1}.output }}}}\""))])]);
        return await RunAsync(stage, new { });
    }

    private async Task<Cost> FanOutAsync(string type, int items)
    {
        await using var stage = await DurableStage.StartAsync(azurite, [Flow($$$"""
            "all": {
              "forEach": { "items": "${{ input.list }}", "job": "{{{type}}}", "payload": { "name": "${{ item }}", "with": null } }
            }
            """)]);
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
