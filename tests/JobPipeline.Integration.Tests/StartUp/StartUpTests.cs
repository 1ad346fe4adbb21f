using JobPipeline.Integration.Tests.Support;

namespace JobPipeline.Integration.Tests.StartUp;

/// <summary>The self-host reports a setting that keeps it from starting in one line, with the nearest valid name.</summary>
[Slow]
public sealed class StartUpTests(SharedAzurite azurite)
{
    [Theory]
    [InlineData("JobPipeline:Laese=00:01:00", "JobPipeline:Laese is not a setting; did you mean 'Lease'?")]
    [InlineData(
        "JobPipeline:Listener:MaxConcurency=3", "JobPipeline:Listener:MaxConcurency is not a setting; did you mean 'MaxConcurrency'?")]
    [InlineData("JobPipeline:Jobs:test.wrok:MaxAttempts=3", "JobPipeline:Jobs:test.wrok is not a job type; did you mean 'test.work'?")]
    [InlineData(
        "JobPipeline:Jobs:test.work:MaxAttempt=3", "JobPipeline:Jobs:test.work:MaxAttempt is not a setting; did you mean 'MaxAttempts'?")]
    [InlineData(
        "JobPipeline:Jobs:test.work:Queue=job-high",
        "JobPipeline:Jobs:test.work:Queue is 'job-high', which is not a queue; did you mean 'jobs-high'?")]
    [InlineData("JobPipeline:Lease=00:00:01", "JobPipeline:Lease")]
    [InlineData("JobPipeline:Lease=soon", "JobPipeline:Lease")]
    [InlineData("JobPipeline:KeyLifetime=40.00:00:00", "must be shorter than JobPipeline:Retention")]
    [InlineData("JobPipeline:Http:Keys:ops=short", "JobPipeline:Http:Keys:ops has fewer than 16 characters")]
    [InlineData("JobPipeline:Http:Url=http://0.0.0.0:7071", "JobPipeline:Http:Keys is empty")]
    [InlineData("JobPipeline:Http:Url=127.0.0.1:7071",
        "JobPipeline:Http:Url is '127.0.0.1:7071', which is not an address such as http://127.0.0.1:7071")]
    [InlineData("JobPipeline:Http:Url=http://127.0.0.1:77777", "JobPipeline:Http:Url is 'http://127.0.0.1:77777', which is not an address")]
    [InlineData("JobPipeline:Listener:MaxConcurrency=lots", "JobPipeline:Listener:MaxConcurrency is 'lots'; it must be a whole number")]
    [InlineData(
        "JobPipeline:Storage:ConnectionString=nonsense",
        "JobPipeline:Storage:ConnectionString (or AzureWebJobsStorage) is not a storage connection string")]
    public async Task Start_WithAnInvalidSetting_FailsWithOneLineThatNamesIt(string setting, string expected)
    {
        var (code, errors) = await RunAsync($"--{setting}");
        Assert.Equal(78, code);
        var line = Assert.Single(errors);
        Assert.StartsWith("Can't start: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnTheStorageOfAnotherKindOfHost_IsRejected()
    {
        var prefix = azurite.NewPrefix();
        await using var producer = await Producer.StartAsync(azurite.ConnectionString, prefix);
        var settings = producer.Table("Settings");
        Azure.Data.Tables.TableEntity row = await settings.GetEntityAsync<Azure.Data.Tables.TableEntity>(
            "pipeline", "host-kind", cancellationToken: TestContext.Current.CancellationToken);
        row["Kind"] = "functions";
        await settings.UpdateEntityAsync(row, Azure.ETag.All, cancellationToken: TestContext.Current.CancellationToken);

        var (code, errors) = await RunAsync($"--JobPipeline:Storage:Prefix={prefix}");

        Assert.Equal(78, code);
        Assert.Contains("served by a functions host", Assert.Single(errors), StringComparison.Ordinal);
    }

    private Task<(int Code, IReadOnlyList<string> Errors)> RunAsync(string argument) =>
        HostStart.RunAsync(azurite.ConnectionString, argument);
}
