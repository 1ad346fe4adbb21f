using System.Text;
using JobPipeline.Functions.Tests.Workflows.Stage;
using JobPipeline.Handlers;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.DependencyInjection;
using static JobPipeline.Tests.Rig.FlowRig;

namespace JobPipeline.Functions.Tests.Workflows;

/// <summary>A workflow with arbitrary hostile input ends or can be ended, and can be shown and purged.</summary>
public abstract partial class WorkflowScenarios
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task HostileInput_OfAnyKind_LeavesOnlyInstancesThatCanBeEndedShownAndPurged(int seed)
    {
        await using var stage = await StartStageAsync(Flow(Work("a")));
        var hostile = new Hostile(seed);
        stage.Script.Act = (payload, _, _) => Task.FromResult<JobOutcome<string>>(payload.Name);
        var api = new PoisonApi(stage);
        for (var round = 0; round < 12; round++)
        {
            var (id, began) = ($"poison-{round}", round % 2 == 0);
            // Half of them over HTTP, half directly.
            var started = began
                ? await api.StartAsync(id, hostile.Definition(), hostile.Value())
                : await TryAsync(() => stage.Workflows.StartAsync(
                    WorkflowReader.Read(Encoding.UTF8.GetBytes(hostile.Definition()), out _) is { } read
                        && stage.Services.GetRequiredService<WorkflowCatalog>().Validate(read).Count == 0
                        ? read
                        : StageServices.Read(Flow(Work("a", with: "\"${{ input }}\""))),
                    id,
                    Encoding.UTF8.GetBytes(hostile.Value()),
                    null,
                    Token));
            await stage.RunDueAsync();
            if (!started)
                continue;
            await api.ShowAsync(id);
            await api.RaiseAsync(id, "approved", hostile.Value());
            await stage.RunDueAsync();
            await api.ShowAsync(id);
            if (!(await stage.ReadAsync(id)).HasEnded)
                await api.TerminateAsync(id);
            await stage.RunDueAsync();
            Assert.True((await stage.ReadAsync(id)).HasEnded, $"{id} of seed {seed} can't be ended");
            await api.ShowAsync(id);
            await api.PurgeAsync(id);
        }

        // A healthy workflow still completes.
        Assert.True(await stage.StartAsync(new { name = "Ada" }));
        await stage.RunDueAsync();
        Assert.Equal(WorkflowStatus.Completed, (await stage.ReadAsync()).State.Status);
    }

    [Theory]
    [InlineData(40, 30)]
    [InlineData(61, 1)]
    public async Task Payload_TooDeepAfterEvaluation_FailsTheStepAndNamesTheLimit(int input, int payload)
    {
        var with = new string('[', payload) + "\"${{ input }}\"" + new string(']', payload);
        await using var stage = await StartStageAsync(Flow(Work("deep", "\"timeout\": \"00:10:00\"", with)));
        var json = Encoding.UTF8.GetBytes(new string('[', input) + new string(']', input));
        Assert.True(
            await stage.Workflows.StartAsync(
                stage.Services.GetRequiredService<WorkflowCatalog>().Find("flow")!, WorkflowStage.Id, json, null, Token));

        await stage.RunDueAsync();

        var ended = await stage.ReadAsync();
        Assert.Equal((WorkflowStatus.Failed, true), (ended.State.Status, ended.HasEnded));
        Assert.Equal("the input of step 'deep' is nested deeper than 61 levels", ended.State.Steps[0].Error);
    }

    [Fact]
    public async Task Event_OfTheMaximumDepth_PassesThroughStepsToTheOutput()
    {
        await using var stage = await StartStageAsync(
            Named(
                "flow",
                "${{ steps.call.output }}",
                """ "ok": { "waitFor": "approved" } """,
                """ "call": { "needs": ["ok"], "workflow": "child", "input": "${{ steps.ok.output }}" } """),
            Named(
                "child",
                "${{ input }}",
                """ "each": { "forEach": { "items": "${{ input }}", "job": "flow.work", "payload": { "name": "x", "with": null } } } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        var deep = new string('[', 61) + new string(']', 61);

        await stage.RaiseAsync("approved", deep);
        await stage.RunUntilIdleAsync();

        Assert.Equal(WorkflowStatus.Completed, (await stage.ReadAsync()).State.Status);
        Assert.Equal(deep, await stage.OutputAsync());
    }

    [Fact]
    public async Task Show_OfValuesStoredByAnEarlierRelease_Succeeds()
    {
        await using var stage = await StartStageAsync(Flow("""  "ok": { "waitFor": "approved" } """));
        Assert.True(await stage.StartAsync());
        await stage.RunDueAsync();
        await stage.RaiseAsync("approved", "1");
        string[] values =
        [
            "\"\\ud800\"", "{\"\\ud800\":1}", "{", new string('[', 64) + new string(']', 64),
            new string('[', 2000) + new string(']', 2000), "{\"a\":1,\"a\":2}",
        ];
        foreach (var value in values)
        {
            ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(value);
            await stage.Data.WriteAsync(
                WorkflowStage.Id,
                [
                    KeyValuePair.Create(WorkflowDataName.Input, bytes),
                    KeyValuePair.Create(WorkflowDataName.Output, bytes),
                    KeyValuePair.Create(WorkflowDataName.Step("ok"), bytes),
                ],
                Token);

            await new PoisonApi(stage).ShowAsync(WorkflowStage.Id);
        }
    }

    private static async Task<bool> TryAsync(Func<Task<bool>> start)
    {
        try
        {
            return await start();
        }
        catch (JobPipeline.Jobs.Wire.MessageFormatException)
        {
            return false;
        }
    }
}
