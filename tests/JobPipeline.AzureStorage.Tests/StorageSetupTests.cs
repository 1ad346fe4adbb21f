using JobPipeline.AzureStorage.Start;
using JobPipeline.Jobs;

namespace JobPipeline.AzureStorage.Tests;

[Slow]
public sealed class StorageSetupTests(AzuriteFixture azurite) : Suite
{
    [Fact]
    public async Task Ensure_NewAccount_CreatesEverything()
    {
        var clients = await azurite.NewClientsAsync();

        foreach (var queue in PriorityQueues.All.SelectMany(queue => new[] { queue, PriorityQueues.PoisonOf(queue) }))
            Assert.True((await clients.Queue(queue).ExistsAsync(Token)).Value, queue);
        foreach (var table in StorageNames.Tables)
            await clients.Table(table).GetAccessPoliciesAsync(Token);
        Assert.True((await clients.Container(StorageNames.Payloads).ExistsAsync(Token)).Value);
    }

    [Fact]
    public async Task Ensure_ManyHostsOfOneKindAtOnce_AllStart()
    {
        var clients = AzuriteFixture.Connect(azurite.NewOptions());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new StorageSetup(clients).EnsureAsync("self-host", Token)));
        await new StorageSetup(clients).EnsureAsync("self-host", Token);

        Assert.NotNull(await new StorageSetup(clients).ReadClockAsync(Token));
    }

    [Fact]
    public async Task Ensure_AnotherKindOfHost_IsRejectedWithARemedy()
    {
        var options = azurite.NewOptions();
        var setup = new StorageSetup(AzuriteFixture.Connect(options));
        await setup.EnsureAsync("self-host", Token);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => setup.EnsureAsync("functions", Token));

        Assert.Equal(
            "This storage account is served by a self-host host and can't also be served by a functions host. "
                + "Use another account or, if no self-host host is running anymore, delete the row pipeline/host-kind of the table "
                + $"{options.Prefix}Settings.",
            error.Message);
        await setup.EnsureAsync("self-host", Token);
    }

    [Fact]
    public async Task Ensure_ClaimResponseIsLost_TheSameHostStarts()
    {
        var probe = new RequestProbe();
        var setup = new StorageSetup(probe.Connect(azurite.NewOptions()));
        probe.BeforeRequest = () =>
        {
            if (!probe.Requests.Last().AbsolutePath.EndsWith("Settings", StringComparison.Ordinal))
                return Task.CompletedTask;
            probe.BeforeRequest = () => Task.CompletedTask;
            probe.LoseAnswers(1);
            return Task.CompletedTask;
        };

        await setup.EnsureAsync("functions", Token);

        Assert.Equal(2, probe.Requests.Count(uri => uri.AbsolutePath.EndsWith("Settings", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ReadClock_ServiceIsDown_Throws()
    {
        var probe = new RequestProbe { BeforeRequest = () => throw new IOException("unreachable") };
        var setup = new StorageSetup(probe.Connect(azurite.NewOptions()));

        await Assert.ThrowsAnyAsync<Exception>(() => setup.ReadClockAsync(Token));
    }
}
