using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Which table.</summary>
public sealed record WeatherMonthsPayload : WeatherTable;

/// <summary>Lists the months of which there are days.</summary>
[Job("weather.months")]
internal sealed class WeatherMonthsJob(UserStorage storage) : IJobHandler<WeatherMonthsPayload, WeatherMonths>
{
    private const int MonthLength = 7;

    public async Task<JobOutcome<WeatherMonths>> HandleAsync(WeatherMonthsPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var months = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var day in payload.ReadDaysAsync(storage, "", cancellationToken))
            months.Add(day.Period.Length > MonthLength ? day.Period[..MonthLength] : throw new JobRejectedException($"The row '{day.Period}' of the table '{payload.Table}' is no day."));
        return new WeatherMonths([.. months]);
    }
}

/// <summary>Months such as <c>2012-01</c>, in order.</summary>
public sealed record WeatherMonths(IReadOnlyList<string> Months);
