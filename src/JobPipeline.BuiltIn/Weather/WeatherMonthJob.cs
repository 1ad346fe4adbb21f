using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Payload of <c>weather.month</c>.</summary>
public sealed record WeatherMonth : WeatherTable
{
    [RegularExpression("^[0-9]{4}-[0-9]{2}$", ErrorMessage = "'month' must have the form 2012-01")]
    public required string Month { get; init; }
}

/// <summary>Computes the statistics of one month.</summary>
[Job("weather.month")]
internal sealed class WeatherMonthJob(UserStorage storage) : IJobHandler<WeatherMonth, WeatherStatistics>
{
    public async Task<JobOutcome<WeatherStatistics>> HandleAsync(
        WeatherMonth payload, JobContext context, CancellationToken cancellationToken)
    {
        var days = new List<WeatherStatistics>();
        await foreach (var day in payload.ReadDaysAsync(storage, payload.Month + "-", cancellationToken))
            days.Add(day);
        return days.Count > 0
            ? WeatherStatistics.Of(payload.Month, days)
            : throw new JobRejectedException($"Table '{payload.Table}' has no days of {payload.Month}.");
    }
}
