using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JobPipeline.Benchmarks.Processes;

/// <summary>The minimum of a process with a web server: it only answers that it is ready.</summary>
internal static class BareHost
{
    public const string Command = "bare-host";

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(builder.Configuration["JobPipeline:Http:Url"]!);
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => Results.Ok());
        await app.RunAsync();
        return 0;
    }
}
