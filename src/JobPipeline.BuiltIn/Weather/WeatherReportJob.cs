using System.ComponentModel.DataAnnotations;
using Azure.Storage.Blobs;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>What is reported, and where to.</summary>
public sealed record WeatherReportPayload : IValidatableObject
{
    public required WeatherSummary Summary { get; init; }

    /// <summary>The blob for the report, as <c>container/name</c>, without an ending.</summary>
    public required string Target { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BlobName.TryParse(Target, out _))
            yield return new ValidationResult($"'target' is '{Target}'; it takes the form \"container/name\"", [nameof(Target)]);
    }
}

/// <summary>The blobs that were written, as <c>container/name</c>.</summary>
public sealed record WeatherReportResult(string Report, string Chart);

/// <summary>Writes a chart (SVG) and a report (Markdown) that shows it.</summary>
[Job("weather.report")]
internal sealed class WeatherReportJob(BlobServiceClient blobs) : IJobHandler<WeatherReportPayload, WeatherReportResult>
{
    public async Task<JobOutcome<WeatherReportResult>> HandleAsync(WeatherReportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var target = BlobName.Parse(payload.Target);
        var container = blobs.GetBlobContainerClient(target.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var chart = new BlobName(target.Container, target.Name + ".svg");
        var report = new BlobName(target.Container, target.Name + ".md");
        await container.GetBlobClient(chart.Name).UploadAsync(BinaryData.FromString(WeatherChart.Draw(payload.Summary.Months)), overwrite: true, cancellationToken);
        await container.GetBlobClient(report.Name).UploadAsync(
            BinaryData.FromString(WeatherText.Write(payload.Summary, chart.Name.Split('/')[^1])), overwrite: true, cancellationToken);
        return new WeatherReportResult(report.ToString(), chart.ToString());
    }
}
