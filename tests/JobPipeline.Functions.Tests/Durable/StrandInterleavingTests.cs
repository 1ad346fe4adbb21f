using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Functions.Tests.Durable;

/// <summary>
/// A strand that runs twice, in different worlds: the worker of the first copy dies or stalls before each of its storage operations.
/// Whatever copy answers, each job that has ended has run once, and the mutations show that this is the protocol's doing.
/// </summary>
public sealed class StrandInterleavingTests
{
    /// <summary>The message is delivered again in a second, to a worker whose clock is ahead: it takes the lease for passed.</summary>
    private const int AtOnce = 1;


    /// <summary>The first copy never goes on; the message is delivered again before or after the lease has passed.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(90)]
    public async Task Strand_WhoseWorkerDies_RunsEachFinishedJobOnce(int seconds)
    {
        var (runs, defects) = await RunAllAsync(StrandMutation.None, TimeSpan.FromSeconds(seconds), Release.Never);

        Assert.True(runs > 20, $"{runs} operations");
        Assert.Empty(defects);
    }

    /// <summary>The first copy has only stalled, and goes on while the second one waits, or after the orchestration went on.</summary>
    [Theory]
    [InlineData(5, Release.AtOnce)]
    [InlineData(5, Release.AtTheEnd)]
    [InlineData(90, Release.AtOnce)]
    [InlineData(90, Release.AtTheEnd)]
    [InlineData(90, Release.WithTheNextStep)]
    [InlineData(AtOnce, Release.AtOnce)]
    [InlineData(AtOnce, Release.AtTheEnd)]
    [InlineData(AtOnce, Release.WithTheNextStep)]
    public async Task Strand_WhoseWorkerStalls_RunsEachFinishedJobOnce(int seconds, Release release)
    {
        var (runs, defects) = await RunAllAsync(StrandMutation.None, TimeSpan.FromSeconds(seconds), release);

        Assert.True(runs > 20, $"{runs} operations");
        Assert.Empty(defects);
    }

    [Theory]
    [InlineData(StrandMutation.IdsFromTheWorkersClock, 90, Release.Never)]
    [InlineData(StrandMutation.NothingBarred, AtOnce, Release.AtOnce)]
    [InlineData(StrandMutation.NoClaim, AtOnce, Release.AtOnce)]
    public async Task Strand_WithoutAPartOfTheProtocol_IsCaught(StrandMutation mutation, int seconds, Release release) =>
        Assert.NotEmpty((await RunAllAsync(mutation, TimeSpan.FromSeconds(seconds), release)).Defects);

    private static async Task<(int Runs, List<string> Defects)> RunAllAsync(StrandMutation mutation, TimeSpan later, Release release)
    {
        var defects = new List<string>();
        for (var at = 1; ; at++)
        {
            await using var rig = new StrandRig(mutation)
            {
                At = at, StopsFor = later, AreOthersAhead = later == TimeSpan.FromSeconds(AtOnce), GoesOnAtOnce = release == Release.AtOnce,
            };
            var started = 0;
            rig.Script.Act = (payload, _, _) =>
            {
                // A step that the orchestration starts, after the first copy was given up.
                if (release == Release.WithTheNextStep && rig.WasInterfered && ++started == 2)
                    rig.GoOn.TrySetResult();
                return Task.FromResult<Handlers.JobOutcome<string>>(payload.Name);
            };
            await rig.RunAsync();
            if (!rig.WasInterfered)
                return (at - 1, defects);
            if (release != Release.Never)
            {
                rig.GoOn.TrySetResult();
                await rig.Copy.InTime();
                await rig.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
            }

            defects.AddRange(DefectsOf(rig, await rig.StateAsync()).Select(defect => $"before operation {at}: {defect}; {rig}"));
        }
    }

    private static IEnumerable<string> DefectsOf(StrandRig rig, WorkflowState state)
    {
        if (state.Status != WorkflowStatus.Completed)
            yield return $"it ended as {state.Status}: {state.Reason}";
        for (var i = 0; i < StrandRig.Steps; i++)
        {
            if (rig.Count($"s{i}", JobState.Succeeded) is var count and not 1)
                yield return $"step {i} has {count} successful jobs";
        }

        // The job that was running when its worker died has run again.
        if (rig.Script.Starts.Count > StrandRig.Steps + 1)
            yield return $"handlers started {rig.Script.Starts.Count} times: {string.Join(' ', rig.Script.Starts)}";
        // Of a step that was barred before the copy that would run it had seen its lease pass.
        foreach (var letter in rig.DeadLetters.Where(letter => letter.Reason != DeadLetterReason.ForgedIdentity))
            yield return $"dead letter: {letter.Detail}";
    }

    /// <summary>When the stalled copy goes on.</summary>
    public enum Release
    {
        Never,

        /// <summary>When the second copy has answered.</summary>
        AtOnce,

        /// <summary>While the second step runs that the orchestration has started in its place.</summary>
        WithTheNextStep,

        AtTheEnd,
    }
}
