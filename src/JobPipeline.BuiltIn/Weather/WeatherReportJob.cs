using System.ComponentModel.DataAnnotations;
using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>What is reported, and where to.</summary>
public sealed record WeatherReportPayload : IValidatableObject
{
    public required WeatherSummary Summary { get; init; }

    /// <summary>The blob for the report, as <c>container/name</c>, without an ending.</summary>
    public required BlobAddress Target { get; init; }

    /// <summary>Lines of the file that could not be used; the report says so. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long Rejected { get; init; }

    /// <summary>The blob with those lines, as <c>container/name</c>.</summary>
    public BlobAddress? RejectsBlob { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BlobAddress.TryParse(Target + WeatherReportJob.ChartEnding, out _))
            yield return new ValidationResult($"'target' is too long to take '{WeatherReportJob.ChartEnding}'", [nameof(Target)]);
        if (Summary.Months.Count == 0)
            yield return new ValidationResult("'summary' has no months", [nameof(Summary)]);
    }
}

/// <summary>The blobs that were written, as <c>container/name</c>.</summary>
public sealed record WeatherReportResult(string Report, string Chart);

/// <summary>Writes a chart (SVG) and a report (Markdown) that shows it, side by side; again, it writes the same.</summary>
[Job("weather.report")]
internal sealed class WeatherReportJob(UserStorage storage) : IJobHandler<WeatherReportPayload, WeatherReportResult>
{
    internal const string ChartEnding = ".svg";
    private const string ReportEnding = ".md";

    public async Task<JobOutcome<WeatherReportResult>> HandleAsync(WeatherReportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var chart = BlobAddress.Parse(payload.Target + ChartEnding);
        var report = BlobAddress.Parse(payload.Target + ReportEnding);
        await storage.CreateContainerAsync(payload.Target, cancellationToken);
        await WriteAsync(chart, WeatherChart.Draw(payload.Summary.Months), "image/svg+xml", cancellationToken);
        await WriteAsync(report, WeatherText.Write(payload, chart.Name.Split('/')[^1]), "text/markdown; charset=utf-8", cancellationToken);
        return new WeatherReportResult(report.ToString(), chart.ToString());
    }

    private async Task WriteAsync(BlobAddress address, string content, string type, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = type } };
        await storage.Blob(address).UploadAsync(BinaryData.FromString(content), options, cancellationToken);
    }
}
