using Microsoft.Extensions.Configuration;

namespace JobPipeline.Telemetry;

/// <summary>Where telemetry goes, by the settings that every tool knows. None of them: it stays on the console.</summary>
internal sealed record TelemetryTarget(string? ApplicationInsights, string? Otlp)
{
    public const string ApplicationInsightsSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    public const string OtlpSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public bool IsAny => ApplicationInsights is not null || Otlp is not null;

    public static TelemetryTarget Of(IConfiguration configuration) => new(Set(configuration[ApplicationInsightsSetting]), Set(configuration[OtlpSetting]));

    private static string? Set(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
