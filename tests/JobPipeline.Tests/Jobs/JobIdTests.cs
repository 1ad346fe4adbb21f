using CsCheck;
using JobPipeline.Jobs;

namespace JobPipeline.Tests.Jobs;

public sealed class JobIdTests
{
    private static readonly Gen<DateTimeOffset> Moment = Gen.Long[0, 253402300799999].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    [Fact]
    public void Timestamp_OfANewId_IsItsTimeInMilliseconds() =>
        Moment
            .Select(Gen.Long[0, 9_999])
            .Sample(
                (at, ticks) =>
                    Assert.Equal(
                        at,
                        JobId.Create(at == DateTimeOffset.FromUnixTimeMilliseconds(253402300799999) ? at : at.AddTicks(ticks)).Timestamp));

    [Fact]
    public void Order_OfIds_IsTheOrderOfTheirTimesAndOfTheirText() => Moment.Select(Moment).Sample((a, b) =>
    {
        var (first, second) = (JobId.Create(a), JobId.Create(b));
        if (a != b)
            Assert.Equal(a < b, first < second);
        Assert.Equal(Math.Sign(string.CompareOrdinal(first.ToString(), second.ToString())), Math.Sign(first.CompareTo(second)));
    });

    [Fact]
    public void Parse_ResultOfToString_ReturnsTheSameId() => Moment.Sample(at =>
    {
        var id = JobId.Create(at);
        Assert.Equal(id, JobId.Parse(id.ToString()));
    });

    /// <summary>Ids of messages on queues must not change with a release; the values were computed by hand.</summary>
    [Fact]
    public void Derivation_OfIds_IsPinned()
    {
        Assert.Equal("01a20cc8-8e80-78bd-ad4e-239ca40cc8ec", JobId.FromDelivery("message-1", Golden.At).ToString());
        Assert.Equal("01a20cc8-8e80-76c9-b104-93ad26bf7e4e", JobId.ForChild(Golden.Id, "#1").ToString());
        Assert.Equal("01a20cc8-8e80-7db1-922c-8cb87c92d419", JobId.ForChild(Golden.Id, "naïve").ToString());
    }

    [Fact]
    public void Derivation_OfIds_DependsOnEveryPart()
    {
        JobId[] ids =
        [
            JobId.FromDelivery("a", Golden.At), JobId.FromDelivery("b", Golden.At), JobId.FromDelivery("a", Golden.At.AddMilliseconds(1)),
            JobId.ForChild(Golden.Id, "a"), JobId.ForChild(Golden.Id, "b"), JobId.ForChild(Golden.Second, "a"),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(JobId.TryParse(id.ToString(), out _)));
        Assert.Equal(Golden.Id.Timestamp, ids[3].Timestamp);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("job")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("9f3c1f6e-0d3c-4b59-9d5e-0b1d2c3e4f50")]
    [InlineData("01a20cc88e807abc8def0123456789ab")]
    [InlineData("{01a20cc8-8e80-7abc-8def-0123456789ab}")]
    [InlineData(" 01a20cc8-8e80-7abc-8def-0123456789ab")]
    [InlineData("ffffffff-ffff-7abc-8def-0123456789ab")]
    public void TryParse_InvalidText_ReturnsFalse(string? text)
    {
        Assert.False(JobId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => JobId.Parse(text ?? ""));
    }
}
