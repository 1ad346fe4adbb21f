using JobPipeline.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Tests.Hosting;

public sealed class PipelineHostTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunPipeline_WithAServiceThatFailsToStart_StopsTheHostAndThrowsTheReason(bool stopFails)
    {
        using var host = new HostDouble(stopFails);
        var isStarted = false;

        var error = await Assert.ThrowsAsync<IOException>(() =>
            host.RunPipelineAsync(() => isStarted = true, TestContext.Current.CancellationToken));

        Assert.Equal("no port", error.Message);
        Assert.Equal(["start", "stop"], host.Calls);
        Assert.False(isStarted);
    }

    private sealed class HostDouble(bool stopFails) : IHost
    {
        public List<string> Calls { get; } = [];

        public IServiceProvider Services { get; } = new ServiceCollection().BuildServiceProvider();

        public Task StartAsync(CancellationToken cancellationToken = default)
        {
            Calls.Add("start");
            throw new IOException("no port");
        }

        public Task StopAsync(CancellationToken cancellationToken = default)
        {
            Calls.Add("stop");
            return stopFails ? throw new InvalidOperationException("it never ran") : Task.CompletedTask;
        }

        public void Dispose() => (Services as IDisposable)?.Dispose();
    }
}
