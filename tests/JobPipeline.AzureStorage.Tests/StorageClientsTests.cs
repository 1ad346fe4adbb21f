using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.AzureStorage.Tests;

public sealed class StorageClientsTests
{
    private const string Development = "UseDevelopmentStorage=true";

    public static TheoryData<string, bool> Prefixes => new()
    {
        { "", true }, { "a", true }, { "a1234567890123456789", true },
        { "1a", false }, { "9", false }, { "a12345678901234567890", false }, { "A", false }, { "a-b", false }, { "a\n", false },
    };

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void New_NothingConfigured_NamesTheSettings(string? blank)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new StorageClients(
            new AzureStorageOptions { ConnectionString = blank, AccountName = blank }, Settings(("AzureWebJobsStorage", blank))));

        Assert.Equal(
            "No storage is configured. Set JobPipeline:Storage:ConnectionString (\"UseDevelopmentStorage=true\" for Azurite), "
                + "AzureWebJobsStorage, or JobPipeline:Storage:AccountName to authenticate by identity.",
            error.Message);
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("AccountName=a;AccountKey=not base64;EndpointSuffix=core.windows.net")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a")]
    [InlineData("AccountKey=AAAA")]
    public void New_BadConnectionString_IsOneLineThatNamesTheSetting(string connection)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => new StorageClients(new AzureStorageOptions { ConnectionString = connection }, Settings()));

        Assert.StartsWith(
            "JobPipeline:Storage:ConnectionString (or AzureWebJobsStorage) is not a storage connection string: ",
            error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("not base64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_BlankConnectionString_FallsBackToTheHostSetting()
    {
        var clients = new StorageClients(
            new AzureStorageOptions { ConnectionString = " " }, Settings(("AzureWebJobsStorage", Development)));

        Assert.Equal("devstoreaccount1", clients.Queues.AccountName);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    public void New_AccountName_SignsInByIdentityWithoutNetwork(string? clientId)
    {
        var probe = new RequestProbe();
        var clients = new StorageClients(
            new AzureStorageOptions
            {
                Prefix = "p",
                ConfigureClient = client => client.AddPolicy(probe, global::Azure.Core.HttpPipelinePosition.PerRetry),
            },
            Settings(("AzureWebJobsStorage:accountName", "acme"), ("AzureWebJobsStorage:clientId", clientId)));

        Assert.Equal(new Uri("https://acme.queue.core.windows.net/pjobs"), clients.Queue("jobs").Uri);
        Assert.Equal(new Uri("https://acme.blob.core.windows.net/ppayloads"), clients.Container("payloads").Uri);
        Assert.Equal(new Uri("https://acme.table.core.windows.net/pJobs"), clients.Table("Jobs").Uri);
        Assert.Empty(probe.Requests);
    }

    [Fact]
    public void New_OptionsAndHostSettings_OptionsWin()
    {
        var clients = new StorageClients(
            new AzureStorageOptions { ConnectionString = Development }, Settings(("AzureWebJobsStorage", "rubbish")));

        Assert.Equal("devstoreaccount1", clients.Tables.AccountName);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Prefix_OfEachForm_MustBeValidForTablesAndContainers(string prefix, bool isValid)
    {
        var options = new AzureStorageOptions { Prefix = prefix };

        Assert.Equal(isValid, Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }

    private static IConfiguration Settings(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
            .Build();
}
