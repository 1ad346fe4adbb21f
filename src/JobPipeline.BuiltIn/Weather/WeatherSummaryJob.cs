using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>What is to be summed up.</summary>
public sealed record WeatherSummaryPayload(IReadOnlyList<WeatherStatistics> Months);

/// <summary>Months, the years that they make, and all of it.</summary>
public sealed record WeatherSummary(IReadOnlyList<WeatherStatistics> Months, IReadOnlyList<WeatherStatistics> Years, WeatherStatistics All);

/// <summary>Sums months up by year.</summary>
[Job("weather.summary")]
internal sealed class WeatherSummaryJob : IJobHandler<WeatherSummaryPayload, WeatherSummary>
{
    private const int YearLength = 4;

    public Task<JobOutcome<WeatherSummary>> HandleAsync(WeatherSummaryPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (payload.Months.Count == 0)
            throw new JobRejectedException("There are no months to sum up.");
        var years = payload.Months.GroupBy(month => month.Period[..YearLength], StringComparer.Ordinal).Select(year => WeatherStatistics.Of(year.Key, [.. year])).ToList();
        return Task.FromResult<JobOutcome<WeatherSummary>>(new WeatherSummary(payload.Months, years, WeatherStatistics.Of("all", payload.Months)));
    }
}
