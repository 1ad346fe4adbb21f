using JobPipeline.Hosting;
using JobPipeline.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;

namespace JobPipeline.Integration.Tests.Monitoring;

/// <summary>Invalid telemetry settings are reported at the start, with a remedy.</summary>
public sealed class TelemetrySettingsTests
{
    [Theory]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "my app", "it has no InstrumentationKey")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "must be the address of a collector")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=1", "must be 'Authorization=AAD'")]
    [InlineData("JobPipeline:Telemetry:TraceRatio", "5", "TraceRatio")]
    public void Start_WithAnInvalidSetting_NamesIt(string setting, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Options((setting, value)));
        Assert.Contains(error.Failures, failure => failure.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("Authorization=AAD;ClientId=00000000-0000-0000-0000-000000000001")]
    [InlineData("clientid=00000000-0000-0000-0000-000000000001; authorization=aad;")]
    public void Identity_InTheFormatOfTheFunctionsHost_IsUsed(string setting)
    {
        Assert.Null(ApplicationInsightsIdentity.ErrorOf(setting));
        Assert.NotNull(ApplicationInsightsIdentity.Of(setting));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    public void Logs_OfTheExecutor_AreWarningsUnlessConfigured(string? level, bool isExported)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
            new("Logging:LogLevel:Default", "Information"),
            new("Logging:OpenTelemetry:LogLevel:JobPipeline.Execution", level),
        ]).Build();
        var exported = new List<LogRecord>();
        var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")));
        services.AddJobPipeline(configuration).AddPipelineTelemetry(configuration);
        services.ConfigureOpenTelemetryLoggerProvider(logging => logging.AddInMemoryExporter(exported));
        using var provider = services.BuildServiceProvider();
        var logs = provider.GetRequiredService<ILoggerFactory>();

        logs.CreateLogger("JobPipeline.Execution.JobExecutor").LogInformation("a success");
        logs.CreateLogger("JobPipeline.Execution.JobExecutor").LogWarning("a failure");
        logs.CreateLogger("MyJobs.Resize").LogInformation("a handler's own");

        Assert.Equal(
            isExported ? ["a success", "a failure", "a handler's own"] : ["a failure", "a handler's own"],
            exported.Select(record => record.FormattedMessage));
    }

    [Fact]
    public void Ratio_WithoutASetting_SamplesFivePercent() => Assert.Equal(0.05, Options().TraceRatio);

    private static TelemetryOptions Options(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)))
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddPipelineTelemetry(configuration);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<TelemetryOptions>>().Value;
    }
}
