using System.Reflection;
using JobPipeline.AzureStorage.Start;
using JobPipeline.BuiltIn;
using JobPipeline.SelfHost;
using JobPipeline.SelfHost.Listening;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Integration.Tests.Support;

/// <summary>The self-host's services, including the listener, in the test process, without the web server.</summary>
internal sealed class InProcessHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private InProcessHost(ServiceProvider services) => _services = services;

    public QueueListener Listener => Get<QueueListener>();

    public static async Task<InProcessHost> CreateAsync(
        string connection, string prefix, Action<IServiceCollection> change, Assembly jobs, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("JobPipeline:Storage:ConnectionString", connection),
            new("JobPipeline:Storage:Prefix", prefix),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
        ]).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSelfHost(
            configuration, [jobs, typeof(BuiltInServices).Assembly]);
        change(services);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<StorageSetup>().EnsureAsync("self-host", TestContext.Current.CancellationToken);
        return new InProcessHost(provider);
    }

    public TService Get<TService>()
        where TService : notnull => _services.GetRequiredService<TService>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
