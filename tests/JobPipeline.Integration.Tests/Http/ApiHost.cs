using JobPipeline.Integration.Tests.Processes;
using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.Http;

/// <summary>A running self-host for the tests of its API.</summary>
public sealed class ApiHost(SharedAzurite azurite) : IAsyncLifetime
{
    private TestHostProcess? _host;
    private Producer? _producer;

    public HttpClient Api { get; } = new();

    internal Producer Producer => _producer!;

    public async ValueTask InitializeAsync()
    {
        var prefix = azurite.NewPrefix();
        _producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        _host = new TestHostProcess(azurite.ConnectionString, prefix, "JobPipeline:UnknownTypeGrace=00:00:00");
        await _host.StartAsync();
        Api.BaseAddress = _host.Address;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        _host?.Dispose();
        if (_producer is not null)
            await _producer.DisposeAsync();
    }
}
