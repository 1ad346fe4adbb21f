using JobPipeline.TestTools.Azurite;

namespace JobPipeline.TestTools;

/// <summary>One Azurite for all tests of an assembly, started at first use. A prefix keeps the tests apart.</summary>
public sealed class SharedAzurite : IAsyncDisposable
{
    private readonly Lazy<Task<AzuriteProcess>> _azurite = new(() => Task.Run(() => AzuriteProcess.StartAsync()));
    private int _prefixes;

    /// <summary>The connection string; the first caller waits until Azurite accepts connections.</summary>
    public string ConnectionString => _azurite.Value.GetAwaiter().GetResult().ConnectionString;

    /// <summary>Returns a prefix for everything that one test stores.</summary>
    public string NewPrefix() => $"t{Interlocked.Increment(ref _prefixes)}x";

    public async ValueTask DisposeAsync()
    {
        if (_azurite.IsValueCreated)
            await (await _azurite.Value).DisposeAsync();
    }
}
