using Azure.Data.Tables;
using Azure.Storage.Blobs;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Tests.Storage;

public sealed class ReservedNamesTests
{
    [Theory]
    [InlineData("deadletters")]
    [InlineData("WORKFLOWS")]
    [InlineData("Schedules")]
    [InlineData("Audit")]
    [InlineData("AzureWebJobsHostLogs202611")]
    [InlineData("AzureFunctionsDiagnosticEvents202611")]
    [InlineData("DurableFunctionsHubHistory")]
    [InlineData("testhubnameInstances")]
    [InlineData("JobPipelineHistory")]
    [InlineData("JobPipelinePartitions")]
    public void Parse_TableOfThePipelineOrItsHost_IsRejected(string name) => Assert.Contains(
        "a table of the pipeline itself", Assert.Throws<FormatException>(() => TableName.Parse(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("ab")]
    [InlineData("1st")]
    [InlineData("a-b")]
    [InlineData("Weather\n")]
    [InlineData("Wétter")]
    [InlineData("tables")]
    [InlineData("")]
    [InlineData("../Jobs")]
    public void Parse_InvalidTable_IsRejected(string name) => Assert.False(TableName.TryParse(name, out _));

    [Theory]
    [InlineData("OrderHistory", "JobPipeline:BuiltIn:Storage:Tables")]
    [InlineData("myhubInstances", "JobPipeline:BuiltIn:Storage:Tables")]
    [InlineData("teamOrdersPARTITIONS", "JobPipeline:BuiltIn:Storage:Tables")]
    [InlineData("teamDeadLetters", "of the pipeline itself")]
    [InlineData("mysiteHistory", "of the pipeline itself")]
    [InlineData("otherhubHistory", "of the pipeline itself")]
    public void Table_OfThisInstallation_IsRejected(string name, string why) =>
        Assert.Contains(why, Refusal(() => Storage().Table(TableName.Parse(name))), StringComparison.Ordinal);

    [Theory]
    [InlineData("myhub-leases/x", "JobPipeline:BuiltIn:Storage:Containers")]
    [InlineData("other-applease/x", "JobPipeline:BuiltIn:Storage:Containers")]
    [InlineData("myhub-largemessages/x", "JobPipeline:BuiltIn:Storage:Containers")]
    [InlineData("teampayloads/x", "of the pipeline itself")]
    [InlineData("mysite-applease/x", "of the pipeline itself")]
    [InlineData("otherhub-leases/x", "of the pipeline itself")]
    public void Blob_OfThisInstallation_IsRejected(string name, string why) =>
        Assert.Contains(why, Refusal(() => Storage().Blob(BlobAddress.Parse(name))), StringComparison.Ordinal);

    [Fact]
    public void Names_Allowed_AreTheOnlyUsableOnes()
    {
        var storage = Storage(containers: ["inbox", "car-leases"], tables: ["OrderHistory"]);

        Assert.Equal("car-leases", storage.Blob(BlobAddress.Parse("car-leases/x")).BlobContainerName);
        Assert.Equal("inbox", storage.AppendBlob(BlobAddress.Parse("inbox/x")).BlobContainerName);
        Assert.Equal("orderhistory", storage.Table(TableName.Parse("orderhistory")).Name);
        Assert.Contains("does not list", Refusal(() => storage.Blob(BlobAddress.Parse("other/x"))), StringComparison.Ordinal);
        Assert.Contains("does not list", Refusal(() => storage.Table(TableName.Parse("Orders"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inbox", "Orders", null)]
    [InlineData("car-leases", "OrderHistory", null)]
    [InlineData("Inbox", "Orders", "did you mean 'inbox'")]
    [InlineData("$web", "Orders", "storage service itself")]
    [InlineData("teampayloads", "Orders", "teampayloads")]
    [InlineData("azure-webjobs-secrets", "Orders", "azure-webjobs-secrets")]
    [InlineData("inbox", "teamJobs", "teamJobs")]
    [InlineData("inbox", "a-b", "a-b")]
    [InlineData("inbox", "otherhubInstances", "otherhubInstances")]
    public void Settings_ThatAllowReservedNames_FailTheStart(string container, string table, string? why)
    {
        var options = new BuiltInOptions { Storage = new StorageAccessOptions { Containers = [container], Tables = [table] } };

        var result = new StorageAccessValidator(ReservedNames.From(Installation)).Validate(null, options);

        Assert.Equal(why is null, result.Succeeded);
        if (why is not null)
            Assert.Contains(why, result.FailureMessage, StringComparison.Ordinal);
    }

    private static IConfiguration Installation { get; } = With(
        ("JobPipeline:Storage:Prefix", "team"),
        ("WEBSITE_SITE_NAME", "my-site"),
        ("AzureFunctionsJobHost:extensions:durableTask:hubName", "otherhub"));

    private static string Refusal(Func<object> use) => Assert.Throws<JobRejectedException>(use).Message;

    private static IConfiguration With(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value))).Build();

    private static UserStorage Storage(IReadOnlyList<string>? containers = null, IReadOnlyList<string>? tables = null) => new(
        new BlobServiceClient("UseDevelopmentStorage=true"),
        new TableServiceClient("UseDevelopmentStorage=true"),
        ReservedNames.From(Installation),
        Options.Create(new BuiltInOptions { Storage = new StorageAccessOptions { Containers = containers ?? [], Tables = tables ?? [] } }));
}
