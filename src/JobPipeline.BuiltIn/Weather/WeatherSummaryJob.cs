using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Payload of <c>weather.summary</c>.</summary>
public sealed record WeatherSummaryPayload(IReadOnlyList<WeatherStatistics> Months);

/// <summary>The months, their years, and the whole period.</summary>
public sealed record WeatherSummary(IReadOnlyList<WeatherStatistics> Months, IReadOnlyList<WeatherStatistics> Years, WeatherStatistics All);

/// <summary>Summarizes months by year.</summary>
[Job("weather.summary")]
internal sealed class WeatherSummaryJob : IJobHandler<WeatherSummaryPayload, WeatherSummary>
{
    private const int YearLength = 4;

    public Task<JobOutcome<WeatherSummary>> HandleAsync(
        WeatherSummaryPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (payload.Months.Count == 0)
            throw new JobRejectedException("'months' must contain at least one month.");
        var years = payload.Months
            .GroupBy(month => month.Period[..YearLength], StringComparer.Ordinal)
            .Select(year => WeatherStatistics.Of(year.Key, [.. year]))
            .ToList();
        return Task.FromResult<JobOutcome<WeatherSummary>>(
            new WeatherSummary(payload.Months, years, WeatherStatistics.Of("all", payload.Months)));
    }
}
