using JobPipeline.Benchmarks.Durable;
using JobPipeline.TestTools.Azurite;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>Both sides, running on one emulator.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private readonly AzuriteProcess _azurite;

    private Arena(AzuriteProcess azurite, PipelineSide ours, DurableSide theirs) => (_azurite, Ours, Theirs) = (azurite, ours, theirs);

    public PipelineSide Ours { get; }

    public DurableSide Theirs { get; }

    public string ConnectionString => _azurite.ConnectionString;

    public static async Task<Arena> OpenAsync(CancellationToken cancellationToken)
    {
        var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        var ours = await PipelineSide.StartAsync(azurite.ConnectionString, "ours", cancellationToken);
        var theirs = await DurableSide.StartAsync(azurite.ConnectionString, "theirs", cancellationToken);
        return new Arena(azurite, ours, theirs);
    }

    public async ValueTask DisposeAsync()
    {
        await Theirs.DisposeAsync();
        await Ours.DisposeAsync();
        await _azurite.DisposeAsync();
    }
}
