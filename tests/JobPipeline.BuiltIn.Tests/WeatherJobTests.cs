using System.Xml.Linq;
using Azure.Data.Tables;
using JobPipeline.BuiltIn.Weather;

namespace JobPipeline.BuiltIn.Tests;

[Slow]
[Collection(BuiltInCollection.Name)]
public sealed class WeatherJobTests(BuiltInStorage storage)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("weather.months")]
    [InlineData("weather.month")]
    public async Task Read_OfAMissingTable_IsDeadLetteredAtOnce(string type)
    {
        await using var harness = storage.Harness();
        Assert.Contains(
            "Table 'NoSuchWeather' does not exist",
            await harness.RunToDeadLetterAsync(type, new { table = "NoSuchWeather", partitionKey = "p", month = "2012-01" }, Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Month_OfARowWithoutANumber_IsDeadLetteredAndNamesIt()
    {
        await using var harness = storage.Harness();
        var table = storage.Tables.GetTableClient(storage.NewName("Weather"));
        await table.CreateAsync(Token);
        await table.AddEntityAsync(new TableEntity("p", "2012-01-01") { ["precipitation"] = 1.5, ["temp_max"] = 3.0 }, Token);

        var why = await harness.RunToDeadLetterAsync(
            "weather.month", new { table = table.Name, partitionKey = "p", month = "2012-01" }, Token);

        Assert.Contains("Row '2012-01-01'", why, StringComparison.Ordinal);
        Assert.Contains("'temp_min'", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Month_WithoutDays_IsDeadLettered()
    {
        await using var harness = storage.Harness();
        var table = storage.Tables.GetTableClient(storage.NewName("Weather"));
        await table.CreateAsync(Token);
        Assert.Contains(
            "has no days of 2012-01",
            await harness.RunToDeadLetterAsync("weather.month", new { table = table.Name, partitionKey = "p", month = "2012-01" }, Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_OfPeriodsThatHoldMarkup_IsWellFormedAndEscapesThem()
    {
        var chart = XDocument.Parse(
            WeatherChart.Draw(
                [new WeatherStatistics("<script/>&-01", 31, 0m, -3.5m, -20m), new WeatherStatistics("2012-02", 29, 9_999m, -1m, -2m)]));
        Assert.DoesNotContain(chart.Descendants(), element => element.Name.LocalName == "script");
        var heights = chart.Descendants()
            .Where(element => element.Name.LocalName == "rect" && element.HasElements)
            .Select(element => (decimal)element.Attribute("height")!);
        Assert.Equal([0m, 200m], heights);
    }
}
