using System.Globalization;
using System.Text.Json;
using CsCheck;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class WireTimeTests
{
    [Theory]
    [InlineData("2026-11-24T09:00:00Z", "2026-11-24T09:00:00.0000000+00:00")]
    [InlineData("2026-11-24T09:00Z", "2026-11-24T09:00:00.0000000+00:00")]
    [InlineData("2026-11-24t09:00:00z", "2026-11-24T09:00:00.0000000+00:00")]
    [InlineData("2026-11-24T09:00:00+09:00", "2026-11-24T09:00:00.0000000+09:00")]
    [InlineData("2026-11-24T09:00:00.5-00:30", "2026-11-24T09:00:00.5000000-00:30")]
    [InlineData("2026-11-24T09:00:00.123456789Z", "2026-11-24T09:00:00.1234567+00:00")]
    [InlineData("2024-02-29T23:59:59.9999999+14:00", "2024-02-29T23:59:59.9999999+14:00")]
    [InlineData("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.0000000+00:00")]
    public void TryParse_TimeWithOffset_ReturnsIt(string text, string expected)
    {
        Assert.True(WireTime.TryParse(text, out var time));
        Assert.Equal(expected, time.ToString("O", CultureInfo.InvariantCulture));
        Assert.Equal(time, JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", JobJson.Options));
    }

    [Theory]
    [InlineData("2026-11-24T09:00:00")]
    [InlineData("2026-11-24")]
    [InlineData("2026-11-24Z")]
    [InlineData("2026-11-24 09:00:00Z")]
    [InlineData("12:00")]
    [InlineData("12:00Z")]
    [InlineData("05/06/2026")]
    [InlineData("11/24/2026 9:00:00 AM +00:00")]
    [InlineData("Tue, 24 Nov 2026 09:00:00 GMT")]
    [InlineData("20261124T090000Z")]
    [InlineData("2026-W48-2T09:00:00Z")]
    [InlineData("2026-11-24T24:00:00Z")]
    [InlineData("2026-12-31T23:59:60Z")]
    [InlineData("2026-11-24T09:60:00Z")]
    [InlineData("2026-11-31T09:00:00Z")]
    [InlineData("2026-02-29T09:00:00Z")]
    [InlineData("2026-00-10T09:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("2026-11-29T00:00:00+99:00")]
    [InlineData("2026-11-29T00:00:00+14:01")]
    [InlineData("2026-11-29T00:00:00+05:60")]
    [InlineData("2026-11-29T00:00:00+0530")]
    [InlineData("2026-11-29T00:00:00+05")]
    [InlineData("2026-11-29T00:00:00 UTC")]
    [InlineData("2026-11-29T00:00:00.Z")]
    [InlineData("2026-11-29T00:00:00,5Z")]
    [InlineData("2026-11-29T00:00:00Z ")]
    [InlineData(" 2026-11-29T00:00:00Z")]
    [InlineData("+2026-11-29T00:00:00Z")]
    [InlineData("٢٠٢٦-١١-٢٩T٠٠:٠٠:٠٠Z")]
    [InlineData("1764547200")]
    [InlineData("")]
    public void TryParse_InvalidText_ReturnsFalse(string text)
    {
        Assert.False(WireTime.TryParse(text, out _));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(text), JobJson.Options));
    }

    [Theory]
    [InlineData("1764547200")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Json_WithoutAString_Throws(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset>(json, JobJson.Options));

    [Theory]
    [InlineData("2026-11-24T09:00:00")]
    [InlineData("2026-11-24 09:00")]
    [InlineData("2026-11-24")]
    public void WhyNot_TimeWithoutOffset_NamesTheMissingOffset(string text) =>
        Assert.Equal(
            "must be an ISO 8601 time such as 2026-11-24T09:00:00Z; a time of day and an offset are required: "
                + "Z for UTC, or one such as +01:00",
            WireTime.WhyNot(text));

    [Fact]
    public void TryParse_SerialisedTime_ReturnsIt() =>
        Gen.Long[DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks].Select(Gen.Int[-840, 840]).Sample((ticks, minutes) =>
        {
            var offset = TimeSpan.FromMinutes(minutes);
            if (ticks - offset.Ticks < 0 || ticks - offset.Ticks > DateTime.MaxValue.Ticks)
                return true;
            var time = new DateTimeOffset(ticks, offset);
            return JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(time), JobJson.Options).EqualsExact(time);
        });

    [Fact]
    public void TryParse_UnderAnotherCulture_IsTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator) = ("/", ".");
        (culture.DateTimeFormat.ShortDatePattern, culture.NumberFormat.NegativeSign) = ("dd/MM/yyyy", "~");
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.True(WireTime.TryParse("2026-11-24T09:00:00-01:00", out var time));
            Assert.Equal(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero), time.ToUniversalTime());
            Assert.False(WireTime.TryParse("05/06/2026", out _));
            Assert.True(WireDuration.TryParse("-1.00:00:00.5", out var duration));
            Assert.Equal(TimeSpan.FromSeconds(-86400.5), duration);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Json_DictionaryByTime_IsWrittenAndReadBack()
    {
        var at = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.FromHours(1));
        var given = new Dictionary<DateTimeOffset, TimeSpan> { [at] = TimeSpan.FromDays(-2) };

        var json = JsonSerializer.Serialize(given, JobJson.Options);

        Assert.Equal("""{"2026-11-24T09:00:00.0000000\u002B01:00":"-2.00:00:00"}""", json);
        Assert.Equal(given, JsonSerializer.Deserialize<Dictionary<DateTimeOffset, TimeSpan>>(json, JobJson.Options));
    }
}
