using Azure.Data.Tables;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Lists the months of which there are days.</summary>
[Job("weather.months")]
internal sealed class WeatherMonthsJob(TableServiceClient tables) : IJobHandler<WeatherTable, WeatherMonths>
{
    private const int MonthLength = 7;

    public async Task<JobOutcome<WeatherMonths>> HandleAsync(WeatherTable payload, JobContext context, CancellationToken cancellationToken)
    {
        var months = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var day in payload.ReadDaysAsync(tables, "", cancellationToken))
            months.Add(day.Period[..MonthLength]);
        return new WeatherMonths([.. months]);
    }
}

/// <summary>Months such as <c>2012-01</c>, in order.</summary>
public sealed record WeatherMonths(IReadOnlyList<string> Months);
