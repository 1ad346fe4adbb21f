using JobPipeline.Functions.StartUp;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Functions.Tests.StartUp;

public sealed class SiteAddressTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("jobs.azurewebsites.net", null, "https://jobs.azurewebsites.net")]
    [InlineData("jobs.azurewebsites.net", " ", "https://jobs.azurewebsites.net")]
    [InlineData("jobs.azurewebsites.net", "https://jobs.example.com", "https://jobs.example.com")]
    [InlineData("localhost:7071", null, "http://localhost:7071")]
    public void Of_PlatformAndSettings_PrefersTheSetting(string? host, string? configured, string? expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("WEBSITE_HOSTNAME", host)]).Build();
        Assert.Equal(expected, SiteAddress.Of(configuration, configured));
    }
}
