using System.Reflection;
using JobPipeline.AzureStorage;
using JobPipeline.BuiltIn;
using JobPipeline.SelfHost.Http;
using JobPipeline.SelfHost.Telemetry;
using Microsoft.Extensions.Options;

namespace JobPipeline.SelfHost;

/// <summary>The self-host as a program: to run as it is, or with jobs of one's own.</summary>
public static class SelfHostApplication
{
    /// <summary>What the storage account records of its host.</summary>
    internal const string HostKind = "self-host";

    /// <summary>Runs until the process is told to stop. What keeps it from starting is said on standard error, one line each.</summary>
    /// <param name="args">Settings as <c>--JobPipeline:Listener:MaxConcurrency=8</c>.</param>
    /// <param name="jobAssemblies">Where to look for jobs, beside the built-in ones.</param>
    /// <returns>0 after an ordinary stop; 78 for bad settings, 69 when the storage can't be reached (sysexits.h).</returns>
    public static Task<int> RunAsync(string[] args, params Assembly[] jobAssemblies) => RunAsync(args, static _ => { }, jobAssemblies);

    /// <param name="args">Settings as <c>--JobPipeline:Listener:MaxConcurrency=8</c>.</param>
    /// <param name="addServices">Registers what the jobs need.</param>
    /// <param name="jobAssemblies">Where to look for jobs, beside the built-in ones.</param>
    /// <inheritdoc cref="RunAsync(string[], Assembly[])"/>
    public static async Task<int> RunAsync(string[] args, Action<IServiceCollection> addServices, params Assembly[] jobAssemblies)
    {
        try
        {
            await using var app = Build(args, addServices, jobAssemblies);
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            await app.Services.GetRequiredService<StorageSetup>().EnsureAsync(HostKind, CancellationToken.None);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartUpError.Of(e) is { } error)
        {
            return await error.WriteAsync(Console.Error);
        }
    }

    private static WebApplication Build(string[] args, Action<IServiceCollection> addServices, Assembly[] jobAssemblies)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // The framework would log whole addresses, and an address may hold a key.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Services.AddSelfHost(builder.Configuration, [typeof(BuiltInServices).Assembly, .. jobAssemblies]);
        addServices(builder.Services);
        builder.WebHost.UseUrls(builder.Configuration[$"{HttpApiOptions.Section}:{nameof(HttpApiOptions.Url)}"] ?? new HttpApiOptions().Url);
        var app = builder.Build();
        app.UseAnswerMarks();
        app.UseApiErrors();
        app.UseMiddleware<ApiGate>();
        app.UseApiDoor();
        app.MapApi();
        app.MapPrometheusScrapingEndpoint(SelfHostTelemetry.MetricsPath);
        return app;
    }
}
