using JobPipeline.AzureStorage;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Jobs;
using JobPipeline.TestHost.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Integration.Tests.Operations;

/// <summary>The figures of docs/job-states.md: the storage operations that an instance spends on a job without a handler.</summary>
[Slow]
public sealed class UnknownTypeCountTests(SharedAzurite azurite)
{
    private const int Jobs = 40;

    /// <summary>After 0, 1, 2, 3, 4, 5, 6.25 and 8 seconds at the earliest, then the last one, which dead-letters it.</summary>
    private const int MostDeliveries = 9;

    [Fact]
    public async Task JobsOfAnUnknownType_UntilDeadLettered_CostAReadAndAHidePerDelivery()
    {
        var counter = new OperationCounter();
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        await using var host = await InProcessHost.CreateAsync(
            azurite.ConnectionString,
            prefix,
            services => services.Configure<AzureStorageOptions>(options => options.ConfigureClient = counter.Attach),
            typeof(NothingJob).Assembly,
            ("JobPipeline:UnknownTypeGrace", "00:00:08"));
        for (var i = 0; i < Jobs; i++)
            await producer.Jobs.EnqueueAsync(JobRequest.For("test.echo", new EchoPayload("hello")), TestContext.Current.CancellationToken);
        var ended = counter.WhenReachedAsync("delete message", Jobs);

        await host.Listener.StartAsync(TestContext.Current.CancellationToken);
        await ended.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        await host.Listener.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, counter["send message"]);
        Assert.InRange(counter["hide message"], Jobs, Jobs * (MostDeliveries - 1));
        Assert.Equal(counter["hide message"] + Jobs, counter["read rows"]);
        Assert.InRange(counter["commit rows"], 1, 2 * Jobs);
        var shares = counter.All.Select(entry => $"{entry.Key} {entry.Value / (double)Jobs:f2}");
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", shares));
    }
}
