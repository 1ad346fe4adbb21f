namespace JobPipeline.Tests.Interleavings.Limits;

/// <summary>Limits among instances that fail, die, and disagree about the time: never exceeded, and nobody waits for ever.</summary>
public sealed class GateInterleavingTests
{
    private const int Seeds = 25;

    /// <summary>A mutation has to be noticed within as many runs.</summary>
    private const int MutationSeeds = 300;

    private static readonly GateScenario[] Scenarios =
    [
        new("concurrency") { Limits = [("a:Concurrency", "3")], MaxRunning = 3 },
        new("one at a time") { Limits = [("a:Concurrency", "1")], MaxRunning = 1, Jobs = 12 },
        new("concurrency, deaths") { Limits = [("a:Concurrency", "3")], MaxRunning = 3, Kills = 3 },
        new("concurrency, faults") { Limits = [("a:Concurrency", "3")], MaxRunning = 3, FaultRate = 0.05, FailureRate = 0.2 },
        new("concurrency, everything")
        {
            Limits = [("a:Concurrency", "2")], MaxRunning = 2, Kills = 2, FaultRate = 0.03, FailureRate = 0.2,
            Skew = TimeSpan.FromSeconds(1),
        },
        new("rate") { Limits = [("a:Rate", "2/00:00:01"), ("a:Burst", "3")], Rate = (2, TimeSpan.FromSeconds(1), 3) },
        new("rate, everything")
        {
            Limits = [("a:Rate", "20/00:00:10"), ("a:Burst", "2")], Rate = (20, TimeSpan.FromSeconds(10), 2), Kills = 2, FaultRate = 0.03,
            FailureRate = 0.2, Skew = TimeSpan.FromMilliseconds(500),
        },
        new("concurrency and rate")
        {
            Limits = [("a:Concurrency", "3"), ("a:Rate", "2/00:00:01"), ("a:Burst", "2")], MaxRunning = 3,
            Rate = (2, TimeSpan.FromSeconds(1), 2), Kills = 1, FaultRate = 0.02,
        },
        new("two limits")
        {
            Limits = [("a:Concurrency", "4"), ("b:Concurrency", "2")], Names = ["a", "b"], MaxRunning = 2, Kills = 1, FaultRate = 0.02,
        },
        new("concurrency, people") { Limits = [("a:Concurrency", "2")], MaxRunning = 2, Cancels = 8, Expedites = 4, FaultRate = 0.02 },
        new("two limits, people")
        {
            Limits = [("a:Concurrency", "3"), ("b:Rate", "2/00:00:01"), ("b:Burst", "1")], Names = ["a", "b"], MaxRunning = 3,
            Cancels = 8, Expedites = 4, Kills = 1, FaultRate = 0.02,
        },
        new("two limits, the second a rate")
        {
            Limits = [("a:Concurrency", "3"), ("b:Rate", "2/00:00:01"), ("b:Burst", "1")], Names = ["a", "b"], MaxRunning = 3,
            Rate = (2, TimeSpan.FromSeconds(1), 1), FaultRate = 0.02,
        },
        new("calls")
        {
            Limits = [("a:Rate", "4/00:00:01"), ("a:Burst", "2")], Names = [], Calls = 3, Rate = (4, TimeSpan.FromSeconds(1), 2), Jobs = 15,
        },
        new("calls and starts of one rate, everything")
        {
            Limits = [("a:Rate", "4/00:00:01"), ("a:Burst", "3")], Calls = 2, Rate = (4, TimeSpan.FromSeconds(1), 3), Kills = 2,
            FaultRate = 0.02, FailureRate = 0.2, Skew = TimeSpan.FromMilliseconds(500),
        },
        new("calls and starts, with a concurrency")
        {
            Limits = [("a:Concurrency", "3"), ("a:Rate", "5/00:00:01"), ("a:Burst", "2")], MaxRunning = 3, Calls = 2,
            Rate = (5, TimeSpan.FromSeconds(1), 2), Kills = 1, FaultRate = 0.02,
        },
    ];

    /// <summary>Short jobs, so that lots open and close often.</summary>
    private static readonly GateScenario Mutated = new("mutated")
    {
        Limits = [("a:Concurrency", "2")], MaxRunning = 2, Kills = 2, FaultRate = 0.03, Jobs = 30,
    };

    public static TheoryData<string> Mutations => [.. Enum.GetNames<GateMutation>()];

    public static TheoryData<string> Names => [.. Scenarios.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Limits_InEveryRun_HoldAndLetEverybodyThrough(string name)
    {
        var scenario = Scenarios.Single(scenario => scenario.Name == name);
        for (var seed = 0; seed < Seeds; seed++)
        {
            if (GateWorld.Run(scenario, seed) is { } broken)
                Assert.Fail(broken);
        }
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Limits_WithABrokenRule_AreFoundOut(string mutation)
    {
        var scenario = Mutated with { Mutation = Enum.Parse<GateMutation>(mutation) };
        // The one who knows the lot dies, while no message leads another to it.
        if (scenario.Mutation == GateMutation.NoDueIndex)
            scenario = scenario with { Limits = [("a:Rate", "6/00:01:00")], Instances = 1, Kills = 1, Jobs = 6, LongestRun = 50 };
        if (scenario.Mutation == GateMutation.LotClosedBlindly)
            scenario = scenario with { LongestRun = 300, LongestGap = 600, Jobs = 12, Kills = 0, FaultRate = 0 };
        for (var seed = 0; seed < MutationSeeds; seed++)
        {
            if (GateWorld.Run(scenario, seed) is not null)
                return;
        }

        Assert.Fail($"{mutation} was not noticed in {MutationSeeds} runs");
    }
}
