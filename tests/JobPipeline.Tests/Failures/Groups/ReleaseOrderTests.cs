using JobPipeline.Failures.ErrorGroups;

namespace JobPipeline.Tests.Failures.Groups;

public sealed class ReleaseOrderTests
{
    /// <summary>Versions in the order of clause 11 of Semantic Versioning 2.0.0, and other forms of versions.</summary>
    private static readonly string[] Ascending =
    [
        "0.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
        "1.0.0", "v1.0.1", "1.2.0", "1.10.0", "1.10.0.7", "2.0.0-preview", "2.0.0+build.5", "99999999999999999999.0",
    ];

    [Fact]
    public void Compare_Versions_FollowsTheirPrecedence() => Assert.All(
        from i in Enumerable.Range(0, Ascending.Length) from j in Enumerable.Range(0, Ascending.Length) select (i, j),
        pair => Assert.Equal(Math.Sign(pair.i - pair.j), Math.Sign(ReleaseOrder.Compare(Ascending[pair.i], Ascending[pair.j])!.Value)));

    [Theory]
    [InlineData("1.0.0+a", "1.0.0+b", 0)]
    [InlineData("1.0", "1.0.0", 0)]
    [InlineData("build-7", "build-7", 0)]
    [InlineData("build-7", "build-8", null)]
    [InlineData("1.0.0", "main", null)]
    [InlineData("7", "8", null)]
    [InlineData("1.0.0-", "1.0.0", null)]
    [InlineData("1..0", "1.0.0", null)]
    [InlineData("", "1.0.0", null)]
    public void Compare_EqualOrUnorderedReleases_ReturnsZeroOrNull(string a, string b, int? order) =>
        Assert.Equal(order, ReleaseOrder.Compare(a, b));
}
