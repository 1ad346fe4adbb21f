using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Payload of <c>weather.months</c>.</summary>
public sealed record WeatherMonthsPayload : WeatherTable;

/// <summary>Lists the months for which the table has days.</summary>
[Job("weather.months")]
internal sealed class WeatherMonthsJob(UserStorage storage) : IJobHandler<WeatherMonthsPayload, WeatherMonths>
{
    private const int MonthLength = 7;

    public async Task<JobOutcome<WeatherMonths>> HandleAsync(
        WeatherMonthsPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var months = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var day in payload.ReadDaysAsync(storage, "", cancellationToken))
        {
            months.Add(
                day.Period.Length > MonthLength
                    ? day.Period[..MonthLength]
                    : throw new JobRejectedException($"Row '{day.Period}' of table '{payload.Table}' does not have a date as its key."));
        }

        return new WeatherMonths([.. months]);
    }
}

/// <summary>The months, such as <c>2012-01</c>, in order.</summary>
public sealed record WeatherMonths(IReadOnlyList<string> Months);
