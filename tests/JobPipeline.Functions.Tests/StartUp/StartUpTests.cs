using JobPipeline.AzureStorage.Start;
using JobPipeline.Functions.StartUp;
using JobPipeline.Tests.Rig;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JobPipeline.Functions.Tests.StartUp;

/// <summary>The app reports a setting that keeps it from starting in one line.</summary>
public sealed class StartUpTests
{
    [Theory]
    [InlineData(
        "JobPipeline:Jobs:mail.send:Timeout",
        "00:31:00",
        "The time limit of 'mail.send' (00:31:00) is above the host's functionTimeout (00:30:00)")]
    [InlineData(
        "AzureFunctionsJobHost:functionTimeout",
        "00:00:30",
        "The time limit of 'mail.send' (00:01:00) is above the host's functionTimeout (00:00:30)")]
    [InlineData("AzureFunctionsJobHost:functionTimeout", "soon", "AzureFunctionsJobHost:functionTimeout is 'soon'")]
    [InlineData("JobPipeline:Laese", "00:01:00", "JobPipeline:Laese is not a setting; did you mean 'Lease'?")]
    public void Start_WithAnInvalidSetting_NamesIt(string setting, string value, string expected)
    {
        using var services = Services((setting, value));
        var error = Assert.ThrowsAny<Exception>(services.GetRequiredService<IStartupValidator>().Validate);
        var explained = StartUpError.Of(error);
        Assert.NotNull(explained);
        Assert.Equal(78, explained.ExitCode);
        Assert.Contains(explained.Lines, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.All(explained.Lines, line => Assert.DoesNotContain('\n', line));
        Assert.Equal(explained.Lines.Count, explained.Lines.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("00:30:00")]
    [InlineData("-1")]
    public void Start_WithValidTimeouts_Succeeds(string functionTimeout)
    {
        using var services = Services(
            ("AzureFunctionsJobHost:functionTimeout", functionTimeout), ("JobPipeline:Jobs:mail.send:Timeout", "00:30:00"));
        services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Theory]
    [InlineData("""{ "version": "2.0", "functionTimeout": "01:00:00" }""", "01:00:00")]
    [InlineData("""{ "version": "2.0", /* comments are allowed */ }""", "00:30:00")]
    [InlineData("""{ "functionTimeout": "-1" }""", null)]
    [InlineData(null, "00:30:00")]
    public async Task FunctionTimeout_OfHostJson_IsParsedAsByTheHost(string? json, string? expected)
    {
        var folder = Directory.CreateTempSubdirectory("functions-");
        try
        {
            if (json is not null)
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "host.json"), json, TestContext.Current.CancellationToken);
            Assert.Equal(expected, FunctionTimeoutSetting.Read(new ConfigurationBuilder().Build(), folder.FullName)?.ToString("c"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Name, s.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton(new Script())
            .AddFunctionsApp(configuration, typeof(ScriptedJob).Assembly).BuildServiceProvider();
    }
}
