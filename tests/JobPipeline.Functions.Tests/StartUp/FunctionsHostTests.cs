using JobPipeline.AzureStorage.Start;
using JobPipeline.Functions.StartUp;
using JobPipeline.Functions.Tests.Azurite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Functions.Tests.StartUp;

/// <summary>The startup of the worker, on a plain host instead of the worker's.</summary>
[Slow]
public sealed class FunctionsHostTests(SharedAzurite azurite)
{
    [Fact]
    public async Task Run_OnAFreshAccount_PreparesItAndStopsCleanly()
    {
        var prefix = azurite.NewPrefix();
        Assert.Equal(0, await FunctionsHost.RunAsync(() => Build(azurite.ConnectionString, prefix, stopsAtOnce: true)));
        using var host = Build(azurite.ConnectionString, prefix);
        Assert.NotNull(await host.Services.GetRequiredService<StorageSetup>().ReadClockAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_OnTheAccountOfASelfHost_IsRejected()
    {
        var prefix = azurite.NewPrefix();
        using (var host = Build(azurite.ConnectionString, prefix))
            await host.Services.GetRequiredService<StorageSetup>().EnsureAsync("self-host", TestContext.Current.CancellationToken);
        Assert.Equal(78, await FunctionsHost.RunAsync(() => Build(azurite.ConnectionString, prefix)));
    }

    [Fact]
    public async Task Run_WithoutStorage_IsRejected() => Assert.Equal(78, await FunctionsHost.RunAsync(() => Build("", "")));

    private static IHost Build(string connection, string prefix, bool stopsAtOnce = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            AzuriteRig.Settings(connection, prefix)
                .Where(setting => !setting.Key.StartsWith("JobPipeline:Jobs", StringComparison.Ordinal)));
        builder.Services.AddFunctionsApp(builder.Configuration);
        if (stopsAtOnce)
            builder.Services.AddHostedService<StopAtOnce>();
        return builder.Build();
    }

    private sealed class StopAtOnce(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        }
    }
}
