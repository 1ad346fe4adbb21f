using JobPipeline.Workflows.Machine;

namespace JobPipeline.Tests.Interleavings.Workflows;

/// <summary>
/// Tests the local runner under many schedules: one disturbance at every point of a run, then many at random. A failure prints
/// the history that led to it; a random run also prints its seed (repeat it with <c>new SeededChooser(seed)</c>).
/// </summary>
public sealed class WorkflowInterleavingTests
{
    private const int Seeds = 800;

    private static readonly FlowScenario[] Scenarios =
    [
        new(
            "chain",
            Work("a") + ", "
                + Work("b", """ "needs": ["a"], "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:05" } } """))
        {
            Fails = ["b#1"],
            Output = "\"b#2@1\"",
        },
        new("fan-out", """ "all": { "forEach": { "items": "${{ input.list }}", "maxParallel": 2, "job": "scripted", "payload": {} } } """)
        {
            MaxParallel = 2,
            Output = """["all#1@1","all#1@1","all#1@1"]""",
        },
        new(
            "timeout",
            Work("a", """ "timeout": "00:00:40", "retry": { "maxAttempts": 2, "backoff": { "kind": "fixed", "base": "00:00:00" } } """))
        {
            Ends = [WorkflowStatus.Completed, WorkflowStatus.Failed],
        },
        new(
            "cancel",
            $$"""{{Work("a", """ "compensate": { "job": "scripted", "payload": {} } """)}}, {{Work("b", """ "needs": ["a"] """)}}""")
        {
            Meddling = Meddling.Cancel,
            Ends = [WorkflowStatus.Completed, WorkflowStatus.Cancelled],
            Output = "\"b#1@1\"",
        },
        new("event", """ "ok": { "waitFor": "approved", "timeout": "00:00:30", "onTimeout": "continue" } """) { Meddling = Meddling.Raise },
        new("child", """ "call": { "workflow": "sub" } """) { Child = Work("a"), Output = "\"a#1@1\"" },
        new("rerun", $$"""{{Work("a")}}, {{Work("b", """ "needs": ["a"] """)}}""") { Meddling = Meddling.TerminateAndRerun },
    ];

    private static readonly FlowScenario Poisonous = new(
        "poison", """ "all": { "forEach": { "items": "${{ input.list }}", "maxParallel": 3, "job": "scripted", "payload": {} } } """)
    {
        IsInMemory = true,
        IsSentHidden = true,
        IsQuick = true,
        Poison = 1,
        Ends = [WorkflowStatus.Failed],
    };

    public static TheoryData<string, bool> Names() =>
        new(Scenarios.SelectMany(scenario => new[] { (scenario.Name, false), (scenario.Name, true) }));

    public static TheoryData<string, bool> HiddenNames() =>
        new(Scenarios.SelectMany(scenario => new[] { (scenario.Name, false), (scenario.Name, true) }));

    [Theory]
    [MemberData(nameof(Names))]
    public void OneDisturbance_AtEveryPoint_ChangesNothing(string name, bool isInMemory)
    {
        Explore(Find(name) with { IsInMemory = isInMemory, Errors = 1, Kills = 1, Stalls = 1 });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ManyDisturbances_AtRandom_ChangeNothing(string name, bool isInMemory) =>
        RunMany(Find(name) with { IsInMemory = isInMemory });

    [Theory]
    [MemberData(nameof(HiddenNames))]
    public void HiddenSend_DisturbedAtEveryPoint_ChangesNothing(string name, bool isQuick)
    {
        var scenario = Find(name) with
        {
            IsInMemory = true,
            IsSentHidden = true,
            IsQuick = isQuick,
            Errors = 1,
            Kills = 1,
            Stalls = 1,
            Stops = 1,
            Pauses = 1,
        };
        Explore(scenario);
    }

    [Theory]
    [MemberData(nameof(HiddenNames))]
    public void HiddenSend_DisturbedAtRandom_ChangesNothing(string name, bool isQuick) =>
        RunMany(Find(name) with { IsInMemory = true, IsSentHidden = true, IsQuick = isQuick });

    [Fact]
    public void HiddenSend_OfAnItemThatKillsItsProcess_HarmsOthersOnce() => RunMany(Poisonous);

    [Fact]
    public void Mutation_OfHiddenSends_IsDetected()
    {
        var noticed = Enumerable
            .Range(0, Seeds * 7)
            .Select(seed => Noticed(Random(Poisonous with { Mutation = FlowMutation.SentHiddenForgotten }, (ulong)seed), (ulong)seed))
            .FirstOrDefault(promise => promise is not null);
        Assert.NotNull(noticed);
        TestContext.Current.SendDiagnosticMessage($"{FlowMutation.SentHiddenForgotten}: {noticed}");
    }

    [Theory]
    [InlineData(FlowMutation.EffectsBeforeSave)]
    [InlineData(FlowMutation.EventsAcknowledgedAtReceipt)]
    [InlineData(FlowMutation.NoReloadOnConflict)]
    [InlineData(FlowMutation.OutboxNotResent)]
    [InlineData(FlowMutation.ResultEventBeforeOutput)]
    [InlineData(FlowMutation.LateOutputOverwrites)]
    [InlineData(FlowMutation.EffectsBeforeSave, true)]
    [InlineData(FlowMutation.NoReloadOnConflict, true)]
    [InlineData(FlowMutation.OutboxNotResent, true)]
    [InlineData(FlowMutation.OutboxOfOthersDropped, true)]
    [InlineData(FlowMutation.MemorySaysNo, true)]
    public void Mutation_OfTheRunner_IsDetected(FlowMutation mutation, bool isInMemory = false)
    {
        var noticed = Enumerable
            .Range(0, Seeds * 7)
            .Select(seed => Noticed((ulong)seed, mutation, isInMemory))
            .FirstOrDefault(promise => promise is not null);
        Assert.NotNull(noticed);
        TestContext.Current.SendDiagnosticMessage($"{mutation}: {noticed}");
    }

    /// <summary>Runs with one disturbance at every point.</summary>
    private static void Explore(FlowScenario scenario)
    {
        var runs = 0;
        for (var skip = 0; ; skip++)
        {
            var chooser = new WindowChooser(skip, depth: 1);
            do
            {
                if (FlowWorld.Run(scenario, chooser, isWeighted: false) < skip)
                {
                    TestContext.Current.SendDiagnosticMessage($"{scenario}: {runs} runs");
                    Assert.True(runs > 100, $"only {runs} runs");
                    return;
                }

                runs++;
            }
            while (chooser.Next());
        }
    }

    private static void RunMany(FlowScenario scenario)
    {
        for (var seed = 0UL; seed < Seeds; seed++)
        {
            try
            {
                FlowWorld.Run(Random(scenario, seed), new SeededChooser(seed), isWeighted: true);
            }
            catch (BrokenPromiseException e)
            {
                Assert.Fail($"seed {seed}: {e.Message}");
            }
        }
    }

    private static string? Noticed(ulong seed, FlowMutation mutation, bool isInMemory) => Noticed(
        Random(Scenarios[seed % (ulong)Scenarios.Length], seed) with { Mutation = mutation, IsInMemory = isInMemory }, seed);

    private static string? Noticed(FlowScenario scenario, ulong seed)
    {
        try
        {
            FlowWorld.Run(scenario, new SeededChooser(seed), isWeighted: true);
            return null;
        }
        catch (BrokenPromiseException e)
        {
            return $"seed {seed}: {e.Message.Split('\n')[0]}";
        }
    }

    private static FlowScenario Find(string name) => Scenarios.First(scenario => scenario.Name == name);

    private static FlowScenario Random(FlowScenario scenario, ulong seed)
    {
        var dice = new SeededChooser(~seed);
        scenario = scenario with { Errors = dice.Choose(4), Kills = dice.Choose(3), Stalls = dice.Choose(4) };
        return scenario.IsSentHidden ? scenario with { Stops = dice.Choose(3), Pauses = dice.Choose(3) } : scenario;
    }

    private static string Work(string step, string more = "") =>
        $$""" "{{step}}": { "job": "scripted", "payload": {} {{(more.Length > 0 ? $", {more}" : "")}} } """;
}
