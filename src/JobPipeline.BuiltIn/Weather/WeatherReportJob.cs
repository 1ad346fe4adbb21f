using System.ComponentModel.DataAnnotations;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JobPipeline.BuiltIn.Blobs;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Weather;

/// <summary>What is reported, and where to.</summary>
public sealed record WeatherReportPayload : IValidatableObject
{
    public required WeatherSummary Summary { get; init; }

    /// <summary>The blob for the report, as <c>container/name</c>, without an ending.</summary>
    public required string Target { get; init; }

    /// <summary>Lines of the file that could not be used; the report says so. Default 0.</summary>
    [Range(0, long.MaxValue)]
    public long Rejected { get; init; }

    /// <summary>The blob with those lines, as <c>container/name</c>.</summary>
    public string? RejectsBlob { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!BlobName.TryParse(Target, out _))
            yield return new ValidationResult($"'target' is '{Target}'; it takes the form \"container/name\"", [nameof(Target)]);
        if (Summary.Months.Count == 0)
            yield return new ValidationResult("'summary' has no months", [nameof(Summary)]);
    }
}

/// <summary>The blobs that were written, as <c>container/name</c>.</summary>
public sealed record WeatherReportResult(string Report, string Chart);

/// <summary>Writes a chart (SVG) and a report (Markdown) that shows it, side by side; again, it writes the same.</summary>
[Job("weather.report")]
internal sealed class WeatherReportJob(BlobServiceClient blobs, ReservedContainers reserved) : IJobHandler<WeatherReportPayload, WeatherReportResult>
{
    public async Task<JobOutcome<WeatherReportResult>> HandleAsync(WeatherReportPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        var target = BlobName.Parse(payload.Target);
        if (reserved.Contains(target.Container))
            throw new JobRejectedException($"'{target.Container}' is a container of the pipeline itself. Write the report to another one.");
        var container = blobs.GetBlobContainerClient(target.Container);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var chart = new BlobName(target.Container, target.Name + ".svg");
        var report = new BlobName(target.Container, target.Name + ".md");
        await WriteAsync(container, chart, WeatherChart.Draw(payload.Summary.Months), "image/svg+xml", cancellationToken);
        await WriteAsync(container, report, WeatherText.Write(payload, chart.Name.Split('/')[^1]), "text/markdown; charset=utf-8", cancellationToken);
        return new WeatherReportResult(report.ToString(), chart.ToString());
    }

    private static async Task WriteAsync(BlobContainerClient container, BlobName name, string content, string type, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = type } };
        await container.GetBlobClient(name.Name).UploadAsync(BinaryData.FromString(content), options, cancellationToken);
    }
}
