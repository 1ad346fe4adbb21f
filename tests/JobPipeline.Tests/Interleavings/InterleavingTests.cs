using CsCheck;

namespace JobPipeline.Tests.Interleavings;

/// <summary>
/// Tests the claim protocol under every schedule: exhaustively to a bounded depth, then at random. A failure prints the history
/// that led to it; a random run also prints its seed (repeat it with <c>new SeededChooser(seed)</c>).
/// </summary>
public sealed class InterleavingTests
{
    private static readonly Act[][] Scripts =
    [
        [Act.Succeed],
        [Act.Fail, Act.Succeed],
        [Act.Fail, Act.Fail, Act.Fail],
        [Act.Snooze, Act.Fail],
        [Act.Reject],
        [Act.Snooze, Act.CallOff],
    ];

    public static TheoryData<Scenario> Exhaustive() =>
    [
        new Scenario([Act.Succeed]) { Errors = 1 },
        new Scenario([Act.Fail]) { Errors = 1 },
        new Scenario([Act.Succeed]) { Stalls = 2, Kills = 1 },
        new Scenario([Act.Fail]) { Canceller = true },
        new Scenario([Act.Succeed]) { Producers = 2, Errors = 1 },
        new Scenario([Act.Snooze]) { Canceller = true, Stalls = 1 },
        new Scenario([Act.Snooze]) { Errors = 1, Replaces = true },
        new Scenario([Act.Fail]) { Errors = 1, Replaces = true },
        new Scenario([Act.Succeed]) { Stalls = 1, Kills = 1, Replaces = true },
        new Scenario([Act.Succeed]) { Gate = GateKind.PutsBack, Closings = 1, Errors = 1 },
        new Scenario([Act.Fail]) { Gate = GateKind.OnRecord, Closings = 1, Kills = 1, Stalls = 1 },
        new Scenario([Act.Snooze]) { Gate = GateKind.OnRecord, Closings = 2, Canceller = true, Replaces = true },
        new Scenario([Act.Fail]) { Workers = 1, Strangers = 1, Errors = 1 },
        new Scenario([Act.Snooze]) { Workers = 1, Strangers = 1, Canceller = true, Kills = 1, Replaces = true },
        new Scenario([Act.Reject]) { Callback = true, Errors = 1 },
        new Scenario([Act.Reject, Act.Reject]) { Callback = true, Workers = 1, Errors = 1, Replaces = true },
        new Scenario([Act.Reject]) { Callback = true, Kills = 1, Stalls = 1 },
        new Scenario([Act.Reject]) { Workers = 1, Replayers = 2, Errors = 1, Prelude = true },
        new Scenario([Act.Reject]) { Workers = 1, Replayers = 2, Kills = 1, Stalls = 1, Prelude = true },
        new Scenario([Act.Reject]) { Workers = 1, Replayers = 1, Bulk = true, Errors = 1, Prelude = true },
        new Scenario([Act.Reject]) { Workers = 2, Bulk = true, Kills = 1, Stalls = 1, Prelude = true },
    ];

    [Slow]
    [Theory]
    [MemberData(nameof(Exhaustive))]
    public void EveryInterleaving_ToABoundedDepth_KeepsTheGuarantees(Scenario scenario)
    {
        const int depth = 14;
        const int most = 30_000;
        var chooser = new ExhaustiveChooser(depth);
        var runs = 0;
        do
            World.Run(scenario, chooser, isWeighted: false);
        while (++runs < most && chooser.Next());
        Assert.True(runs > 100, $"only {runs} interleavings were explored");
        TestContext.Current.SendDiagnosticMessage($"{scenario}: {runs} interleavings");
    }

    [Slow]
    [Fact]
    public void RandomInterleavings_OfAllFeatures_KeepTheGuarantees() =>
        Gen.ULong.Sample(
            seed => World.Run(Random(seed, Mutation.None), new SeededChooser(seed), isWeighted: true),
            iter: 100_000,
            threads: 2);

    [Theory]
    [InlineData(Mutation.FenceDropped)]
    [InlineData(Mutation.AcknowledgeBeforeCommit)]
    [InlineData(Mutation.FollowUpBeforeRecord)]
    [InlineData(Mutation.LeaseIgnored)]
    [InlineData(Mutation.PutBackTurnedIntoAcknowledge)]
    [InlineData(Mutation.ReplaySentBeforeLink)]
    [InlineData(Mutation.UnknownTypeBuriedAtOnce)]
    [InlineData(Mutation.ClosedGateIgnored)]
    [InlineData(Mutation.PermitCompletedBeforeRecord)]
    [InlineData(Mutation.PermitKept)]
    public void Mutation_OfTheProtocol_IsNoticed(Mutation mutation)
    {
        var noticed = Enumerable
            .Range(0, 100_000)
            .Select(seed => Noticed((ulong)seed, mutation))
            .FirstOrDefault(promise => promise is not null);
        Assert.NotNull(noticed);
        TestContext.Current.SendDiagnosticMessage($"{mutation}: {noticed}");
    }

    private static string? Noticed(ulong seed, Mutation mutation)
    {
        try
        {
            World.Run(Random(seed, mutation), new SeededChooser(seed), isWeighted: true);
            return null;
        }
        catch (BrokenPromiseException e)
        {
            return e.Message.Split('\n')[0];
        }
    }

    private static Scenario Random(ulong seed, Mutation mutation)
    {
        var dice = new SeededChooser(~seed);
        return new Scenario(Scripts[dice.Choose(Scripts.Length)])
        {
            Workers = 1 + dice.Choose(3),
            Producers = 1 + dice.Choose(2),
            Canceller = dice.Choose(3) == 0,
            Replayers = Math.Max(0, dice.Choose(4) - 1),
            Bulk = dice.Choose(4) == 0,
            Callback = dice.Choose(3) == 0,
            Errors = dice.Choose(4),
            Kills = dice.Choose(3),
            Stalls = dice.Choose(4),
            Replaces = dice.Choose(3) == 0,
            Strangers = dice.Choose(4) == 0 ? 1 : 0,
            Gate = (GateKind)dice.Choose(3),
            Closings = dice.Choose(4),
            Mutation = mutation,
        };
    }
}
