using JobPipeline.Benchmarks.Scaling;
using JobPipeline.Jobs;

namespace JobPipeline.Integration.Tests.Documents;

/// <summary>The figures of docs/scaling.md are those of the arithmetic, and the simulation confirms the arithmetic.</summary>
public sealed class ScalingDocumentTests
{
    private const string Document = "docs/scaling.md";
    private const double Tolerance = 0.03;
    private static readonly StorageLimits Limits = new();
    private static readonly StoragePrices Prices = new();

    public static TheoryData<string> Units => [.. ScalingUnits.All.Select(unit => unit.Name)];

    [Fact]
    public void Table_OfTheDocument_IsThatOfTheArithmetic()
    {
        var table = ScalingTable.Write().ReplaceLineEndings("\n");

        Assert.True(
            Repository.Read(Document).ReplaceLineEndings("\n").Contains(table, StringComparison.Ordinal),
            $"{Document} differs; replace its table with that of 'dotnet run dev.cs bench --simulate':\n{table}");
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Run_OfEachUnit_ComesCloseToTheLeastCeiling(string name)
    {
        var unit = ScalingUnits.All.Single(unit => unit.Name == name);
        var expected = ScalingArithmetic.Of(unit, Limits).Least;

        Assert.InRange(ScalingSimulation.Run(unit, Limits), expected * (1 - Tolerance), expected * (1 + Tolerance));
    }

    [Theory]
    [InlineData(2_000, 2_000, 2_000, "account")]
    [InlineData(20_000, 600, 2_000, "queue")]
    [InlineData(20_000, 2_000, 600, "partition")]
    public void Run_WithEachLimitLowered_IsBoundByThatLimit(double account, double queue, double partition, string expected)
    {
        var limits = new StorageLimits(account, queue, partition);
        var ceilings = ScalingArithmetic.Of(ScalingUnits.Item, limits);

        Assert.Equal(expected, ceilings.Bound);
        Assert.InRange(
            ScalingSimulation.Run(ScalingUnits.Item, limits),
            ceilings.Least * (1 - (2 * Tolerance)),
            ceilings.Least * (1 + (2 * Tolerance)));
    }

    [Fact]
    public void Examples_OfTheDocument_AreThoseOfTheArithmetic()
    {
        Assert.Equal(500, ScalingArithmetic.Of(ScalingUnits.ItemWithoutInsert, Limits).Least);
        Assert.Equal(3, ScalingArithmetic.AccountsFor(5_000, ScalingUnits.SpreadSingle, Limits));
        Assert.Equal(8, ScalingArithmetic.AccountsFor(5_000, ScalingUnits.Step, Limits));
        Assert.Equal(2.27, ScalingArithmetic.CostOfIdleMonth(queueRequests: 2.1, tableRequests: 1.0, Prices), tolerance: 0.005);
    }

    [Fact]
    public void Partitions_OfTheArithmetic_AreThoseOfJobIds()
    {
        Assert.Equal(JobId.Slices, ScalingArithmetic.Slices);
        Assert.Equal(JobId.Slice, ScalingArithmetic.Slice);
    }
}
