using JobPipeline.Testing.Azurite;

[assembly: AssemblyFixture(typeof(JobPipeline.Integration.Tests.Support.SharedAzurite))]

namespace JobPipeline.Integration.Tests.Support;

/// <summary>One Azurite for all tests; a prefix keeps them apart.</summary>
public sealed class SharedAzurite : IAsyncLifetime
{
    private AzuriteProcess? _azurite;
    private int _prefixes;

    public string ConnectionString => _azurite!.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _azurite = await AzuriteProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Returns a prefix for everything that one test stores.</summary>
    public string NewPrefix() => $"t{Interlocked.Increment(ref _prefixes)}x";

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
