using JobPipeline.Demo.Local;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Integration.Tests.StartUp;

/// <summary>The command <c>up</c> uses the settings in the environment.</summary>
public sealed class UpSettingsTests
{
    [Theory]
    [InlineData("JobPipeline:Storage:ConnectionString", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=YQ==",
        "JobPipeline__Storage__ConnectionString")]
    [InlineData("AzureWebJobsStorage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=YQ==", "AzureWebJobsStorage")]
    [InlineData("JobPipeline:Storage:AccountName", "orders", "JobPipeline__Storage__AccountName")]
    [InlineData("AzureWebJobsStorage:accountName", "orders", "AzureWebJobsStorage__accountName")]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true", null)]
    [InlineData("JobPipeline:Storage:ConnectionString", " ", null)]
    [InlineData("JobPipeline:Storage:Prefix", "mine", null)]
    public void Of_AStorageInTheEnvironment_UsesIt(string name, string value, string? expected) =>
        Assert.Equal(expected, Of(false, (name, value)).Storage);

    [Fact]
    public void Of_TheFunctionsHost_UsesItsOwnStorage()
    {
        Assert.Null(Of(true, ("JobPipeline:Storage:AccountName", "orders")).Storage);
        Assert.Equal("AzureWebJobsStorage__blobServiceUri",
            Of(true, ("AzureWebJobsStorage:blobServiceUri", "https://orders.blob.core.windows.net")).Storage);
    }

    [Fact]
    public void Of_AnAddressAndAKey_UsesThem()
    {
        var settings = Of(
            false, ("JobPipeline:Http:Url", "http://127.0.0.1:7099"), ("JobPipeline:Http:Keys:ops", "a-key-that-nobody-would-guess"));

        Assert.Equal(("http://127.0.0.1:7099", "a-key-that-nobody-would-guess"), (settings.Url, settings.Key));
        Assert.Equal(("http://127.0.0.1:7071", null), (Of(false).Url, Of(false).Key));
    }

    private static UpSettings Of(bool isFunctions, params (string Name, string Value)[] settings) => UpSettings.Of(
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))).Build(), isFunctions);
}
