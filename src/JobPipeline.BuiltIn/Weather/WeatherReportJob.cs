using System.ComponentModel.DataAnnotations;
using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>Payload of <c>weather.report</c>.</summary>
public sealed record WeatherReportPayload : IValidatableObject
{
    public required WeatherSummary Summary { get; init; }

    /// <summary>Gets the blob to write the report to, as <c>container/name</c> without an extension.</summary>
    public required BlobAddress Target { get; init; }

    /// <summary>Gets the number of rejected lines, which the report states. The default is 0.</summary>
    [Range(0, long.MaxValue)]
    public long Rejected { get; init; }

    /// <summary>Gets the blob with the rejected lines, as <c>container/name</c>.</summary>
    public BlobAddress? RejectsBlob { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BlobAddress.TryParse(Target + WeatherReportJob.ChartEnding, out _))
            yield return new ValidationResult($"'target' is too long to append '{WeatherReportJob.ChartEnding}'", [nameof(Target)]);
        if (Summary.Months.Count == 0)
            yield return new ValidationResult("'summary' must contain at least one month", [nameof(Summary)]);
    }
}

/// <summary>The blobs that were written, as <c>container/name</c>.</summary>
public sealed record WeatherReportResult(string Report, string Chart);

/// <summary>Writes a chart (SVG) and a report (Markdown) that displays it, next to each other. Idempotent.</summary>
[Job("weather.report")]
internal sealed class WeatherReportJob(UserStorage storage) : IJobHandler<WeatherReportPayload, WeatherReportResult>
{
    internal const string ChartEnding = ".svg";
    private const string ReportEnding = ".md";

    public async Task<JobOutcome<WeatherReportResult>> HandleAsync(
        WeatherReportPayload payload, JobContext context, CancellationToken cancellationToken)
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
