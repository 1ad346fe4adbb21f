using JobPipeline.DurableEngine;
using JobPipeline.Functions.Durable;
using JobPipeline.Workflows.Machine;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>Packs under every kind of ending, request and fault, in random orders. A failing run names its seed.</summary>
public sealed class PackInterleavingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task FanOut_InPacks_AccountsForEveryItem(int itemsPerSlice)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var rig = new PackRig(seed);
            await rig.RunAsync(itemsPerSlice);

            var step = rig.End!.Steps[0];
            var what = $"seed {seed}, {rig.Items} items, {rig.End.Status}";
            Assert.True(OrchestrationRuntimeStatus.Completed == rig.Engine.Find("one")!.Status, what);
            Assert.True(rig.Repeated == 0, $"{what}: an item ran again after it had succeeded");
            Assert.True(step.Slots.IsEmpty, what);
            Assert.True(rig.WasAsked || rig.End.Status is WorkflowStatus.Completed or WorkflowStatus.Failed, what);
            if (rig.End.Status == WorkflowStatus.Completed)
                Assert.True((rig.Items, rig.Items) == (step.Done, rig.Succeeded), what);
            else
                Assert.True(step.Done <= rig.Succeeded, what);
        }
    }

    /// <summary>A pack is one of the items that run in parallel, as the history shows: no more are outside at any time.</summary>
    [Fact]
    public async Task Packs_Outside_NeverExceedTheLimit()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var rig = new PackRig(seed);
            await rig.RunAsync(itemsPerSlice: 0);

            var outside = new HashSet<int>();
            foreach (var entry in rig.Engine.Find("one")!.History)
            {
                switch (entry)
                {
                    case HistoryEntry.Decided { Decision: Decision.CallActivity { Name: ItemActivities.Run or RunStepActivity.Name } call }:
                        outside.Add(call.Id);
                        break;
                    case HistoryEntry.Succeeded succeeded:
                        outside.Remove(succeeded.Id);
                        break;
                    case HistoryEntry.Failed failed:
                        outside.Remove(failed.Id);
                        break;
                }

                Assert.True(outside.Count <= rig.MaxParallel, $"seed {seed}: {outside.Count} of {rig.MaxParallel}");
            }
        }
    }
}
