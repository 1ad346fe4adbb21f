using System.Globalization;
using System.Text.Json;
using CsCheck;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class WireDurationTests
{
    [Theory]
    [InlineData("00:00:10", 10)]
    [InlineData("0:10:00", 600)]
    [InlineData("23:59:59", 86399)]
    [InlineData("1.00:00:00", 86400)]
    [InlineData("30.12:00:00", 2635200)]
    [InlineData("00:00:00.5", 0.5)]
    [InlineData("-00:10:00", -600)]
    [InlineData("PT10S", 10)]
    [InlineData("PT0S", 0)]
    [InlineData("PT90M", 5400)]
    [InlineData("PT36H", 129600)]
    [InlineData("P1D", 86400)]
    [InlineData("P2W", 1209600)]
    [InlineData("P1DT2H3M4.5S", 93784.5)]
    public void TryParse_ValidDuration_ReturnsIt(string text, double seconds)
    {
        Assert.True(WireDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.Equal(duration, JsonSerializer.Deserialize<TimeSpan>($"\"{text}\"", JobJson.Options));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("0")]
    [InlineData("5.5")]
    [InlineData("-1")]
    [InlineData("10s")]
    [InlineData("5m")]
    [InlineData("soon")]
    [InlineData("1:2")]
    [InlineData("00:30")]
    [InlineData("24:00")]
    [InlineData("1:2:3")]
    [InlineData("24:00:00")]
    [InlineData("25:00:00")]
    [InlineData("99:00:00")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("1.24:00:00")]
    [InlineData("1:00:00:00")]
    [InlineData("1.00:00")]
    [InlineData("100:00:00")]
    [InlineData("00:00:00.")]
    [InlineData("00:00:00,5")]
    [InlineData("00:00:00.12345678")]
    [InlineData("10675200.00:00:00")]
    [InlineData("99999999.00:00:00")]
    [InlineData("999999999999.00:00:00")]
    [InlineData(" 00:10:00")]
    [InlineData("00:10:00 ")]
    [InlineData("+00:10:00")]
    [InlineData("--00:10:00")]
    [InlineData("٠٠:١٠:٠٠")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("P1Y2M3DT4H")]
    [InlineData("PT1D")]
    [InlineData("P1H")]
    [InlineData("PT1S1M")]
    [InlineData("PT1M1M")]
    [InlineData("PT1.5H")]
    [InlineData("PT.5S")]
    [InlineData("PT10")]
    [InlineData("P10")]
    [InlineData("pt10s")]
    [InlineData("-PT10S")]
    [InlineData("PT-10S")]
    [InlineData("PT 10S")]
    [InlineData("P99999999999999D")]
    [InlineData("PT9999999999999999999S")]
    [InlineData("")]
    public void TryParse_InvalidText_ReturnsFalse(string text)
    {
        Assert.False(WireDuration.TryParse(text, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TimeSpan>(JsonSerializer.Serialize(text), JobJson.Options));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("1.5")]
    [InlineData("true")]
    public void Json_WithoutAString_Throws(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TimeSpan>(json, JobJson.Options));

    [Fact]
    public void TryParse_WrittenDuration_ReturnsIt() => Gen.Long.Sample(ticks =>
        JsonSerializer.Deserialize<TimeSpan>(JsonSerializer.Serialize(TimeSpan.FromTicks(ticks)), JobJson.Options).Ticks == ticks);

    [Fact]
    public void TryParse_AnyText_NeverThrows() =>
        Gen.String[Gen.Char["0123456789:.PTWDHMS- "], 0, 24]
            .Sample(text =>
                !WireDuration.TryParse(text, out var duration)
                || text.StartsWith('P')
                || TimeSpan.Parse(text, CultureInfo.InvariantCulture) == duration);
}
