using System.Reflection;
using JobPipeline.AzureStorage.Start;
using JobPipeline.BuiltIn;
using JobPipeline.Hosting;
using JobPipeline.SelfHost.Http;
using JobPipeline.SelfHost.Telemetry;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost;

/// <summary>The self-host as a program, to run as it is or with jobs of your own.</summary>
public static class SelfHostApplication
{
    /// <summary>The kind of host that the storage account records.</summary>
    internal const string HostKind = "self-host";

    /// <summary>
    /// Runs until the process is asked to stop. Errors that prevent the start are written to standard error, one per line.
    /// </summary>
    /// <param name="args">Settings such as <c>--JobPipeline:Listener:MaxConcurrency=8</c>.</param>
    /// <param name="jobAssemblies">The assemblies with jobs, in addition to the built-in ones.</param>
    /// <returns>
    /// 0 after a normal stop; 78 for invalid settings, an address that can't be bound, or rejected credentials; 69 if the storage
    /// does not respond (sysexits.h).
    /// </returns>
    public static Task<int> RunAsync(string[] args, params Assembly[] jobAssemblies) => RunAsync(args, static _ => { }, jobAssemblies);

    /// <param name="args">Settings such as <c>--JobPipeline:Listener:MaxConcurrency=8</c>.</param>
    /// <param name="addServices">Registers the services that the jobs need.</param>
    /// <param name="jobAssemblies">The assemblies with jobs, in addition to the built-in ones.</param>
    /// <inheritdoc cref="RunAsync(string[], Assembly[])"/>
    public static async Task<int> RunAsync(string[] args, Action<IServiceCollection> addServices, params Assembly[] jobAssemblies)
    {
        var start = new StartProgress();
        try
        {
            await using var app = Build(args, addServices, jobAssemblies, start);
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            var url = CheckedAddressOf(app);
            // Side by side, because both compile much code: the storage calls, and the construction of all services.
            await Task.WhenAll(
                app.Services.GetRequiredService<StorageSetup>().EnsureAsync(HostKind, CancellationToken.None),
                Task.Run(() => app.Services.GetServices<IHostedService>().Count()));
            start.BeginToListen(url);
            await app.RunPipelineAsync(start.Complete);
            return 0;
        }
        catch (Exception e) when (start.Explain(e) is { } error)
        {
            return await error.WriteAsync(Console.Error);
        }
    }

    /// <summary>Gets the address of the API; null if the web server's own settings specify it.</summary>
    /// <exception cref="OptionsValidationException">The address can't be bound.</exception>
    private static string? CheckedAddressOf(WebApplication app)
    {
        // Endpoints in the web server's own section take precedence over the address.
        if (app.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            return null;
        var url = app.Services.GetRequiredService<IOptions<HttpApiOptions>>().Value.Url;
        return ListenCheck.ErrorOf(url) is { } error
            ? throw new OptionsValidationException(Options.DefaultName, typeof(HttpApiOptions), [error]) : url;
    }

    private static WebApplication Build(
        string[] args, Action<IServiceCollection> addServices, Assembly[] jobAssemblies, StartProgress start)
    {
        var builder = WebApplication.CreateBuilder(args);
        ((IConfigurationBuilder)builder.Configuration).AddConsoleDefaults(builder.Configuration);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // The framework would log full URLs, and a URL may contain a key.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        start.Silence(builder.Logging);
        builder.Services.AddSelfHost(builder.Configuration, [typeof(BuiltInServices).Assembly, .. jobAssemblies]);
        addServices(builder.Services);
        builder.WebHost.UseUrls(
            builder.Configuration[$"{HttpApiOptions.Section}:{nameof(HttpApiOptions.Url)}"] ?? new HttpApiOptions().Url);
        var app = builder.Build();
        app.UseAnswerMarks();
        app.UseApiErrors();
        app.UseMiddleware<ApiGate>();
        app.UseMetricScrapes();
        app.UseApiRequestRules();
        app.MapApi();
        app.MapPrometheusScrapingEndpoint(SelfHostTelemetry.MetricsPath);
        return app;
    }
}
