using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.Telemetry;

/// <summary>The destinations of telemetry, from the standard variables. If none is set, telemetry stays on the console.</summary>
/// <param name="ApplicationInsights">The connection string.</param>
/// <param name="Otlp">The address of the collector.</param>
/// <param name="Errors">The validation errors; if there are any, nothing is exported and the start fails.</param>
internal sealed record TelemetryTarget(
    string? ApplicationInsights, string? Otlp, IReadOnlyList<string> Errors) : IValidateOptions<TelemetryOptions>
{
    public const string ApplicationInsightsSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    public const string OtlpSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static TelemetryTarget Of(IConfiguration configuration)
    {
        var (insights, otlp) = (Set(configuration[ApplicationInsightsSetting]), Set(configuration[OtlpSetting]));
        var errors = new List<string>();
        if (insights?.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase) is false)
            errors.Add($"{ApplicationInsightsSetting} must be an Application Insights connection string; it has no InstrumentationKey.");
        if (otlp is not null && !Uri.TryCreate(otlp, UriKind.Absolute, out _))
            errors.Add($"{OtlpSetting} must be the address of a collector, such as http://localhost:4317.");
        if (ApplicationInsightsIdentity.ErrorOf(configuration[ApplicationInsightsIdentity.Setting]) is { } error)
            errors.Add(error);
        return errors.Count == 0 ? new TelemetryTarget(insights, otlp, []) : new TelemetryTarget(null, null, errors);
    }

    public bool IsAny => ApplicationInsights is not null || Otlp is not null;

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) =>
        Errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(Errors);

    private static string? Set(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
