using JobPipeline.Functions.StartUp;
using JobPipeline.Tests.Rig;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Tests.Worker;

/// <summary>
/// The telemetry capabilities of the worker decide whether the log lines of an invocation reach the host's console: if the worker
/// declares its own export in the newer schema, its log writer does not find the invocation of a line and drops the line.
/// </summary>
public sealed class ConsoleTests
{
    private const string ExportsByItself = "WorkerOpenTelemetryEnabled";
    private const string Schema = "WorkerOpenTelemetrySchemaVersion";

    [Theory]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", " ")]
    [InlineData("OTEL_SERVICE_NAME", "my-app")]
    public void Worker_WithoutAnExporter_LeavesItsLogsToTheHost(string setting, string value)
    {
        var capabilities = CapabilitiesWith((setting, value));

        Assert.False(capabilities.ContainsKey(ExportsByItself));
        Assert.False(capabilities.ContainsKey(Schema));
    }

    [Theory]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000001")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317")]
    public void Worker_WithAnExporter_DeclaresItToTheHost(string setting, string value) =>
        Assert.Equal(bool.TrueString, CapabilitiesWith((setting, value))[ExportsByItself]);

    private static IDictionary<string, string> CapabilitiesWith(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Name, s.Value))).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton(new Script())
            .AddFunctionsApp(configuration, typeof(ScriptedJob).Assembly).BuildServiceProvider();
        return services.GetRequiredService<IOptions<WorkerOptions>>().Value.Capabilities;
    }
}
