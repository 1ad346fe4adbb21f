using JobPipeline.AzureStorage;
using JobPipeline.AzureStorage.Start;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Configuration;
using JobPipeline.TestTools.Azurite;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.BuiltIn.Tests.Storage;

/// <summary>Jobs can't use what the pipeline creates in a storage account of its own.</summary>
[Slow]
public sealed class CreatedNamesTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("team")]
    public async Task Names_ThatTheStartCreates_AreReserved(string prefix)
    {
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: Token);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("JobPipeline:Storage:Prefix", prefix)]).Build();
        var options = new AzureStorageOptions { ConnectionString = azurite.ConnectionString, Prefix = prefix };
        var clients = new StorageClients(options, configuration);
        await new StorageSetup(clients).EnsureAsync("self-host", Token);
        var reserved = ReservedNames.From(configuration);

        var containers = await clients.Blobs.GetBlobContainersAsync(cancellationToken: Token)
            .Select(container => container.Name).ToListAsync(Token);
        var tables = await clients.Tables.QueryAsync(cancellationToken: Token).Select(table => table.Name).ToListAsync(Token);

        Assert.Equal(StorageNames.Containers.Count, containers.Count);
        Assert.Equal(StorageNames.Tables.Count, tables.Count);
        Assert.All(containers, name => Assert.Equal(Reservation.Always, reserved.OfContainer(name)));
        Assert.All(tables, name => Assert.Equal(Reservation.Always, reserved.OfTable(name.ToUpperInvariant())));
    }
}
