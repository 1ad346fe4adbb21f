using System.Text.Json.Nodes;
using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

[Slow]
public sealed class FunctionsAppTests
{
    private const string DurableTracing = "AzureFunctionsJobHost__extensions__durableTask__tracing__distributedTracingEnabled";

    private static readonly string[] OfTheHost =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", DurableTracing,
    ];

    public static TheoryData<string> Environments => Deployment.Names;

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task App_InEachEnvironment_RunsOnFlexConsumption(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var plan = deployment.One("Microsoft.Web/serverfarms");
        Assert.Equal("FC1", (string?)plan["sku"]!["name"]);
        var app = Properties(deployment);
        Assert.Equal((string?)plan["id"], (string?)app["serverFarmId"]);
        Assert.Equal("dotnet-isolated", (string?)app["functionAppConfig"]!["runtime"]!["name"]);
        Assert.Equal("10.0", (string?)app["functionAppConfig"]!["runtime"]!["version"]);
        Assert.Equal("UserAssignedIdentity", (string?)app["functionAppConfig"]!["deployment"]!["storage"]!["authentication"]!["type"]);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task App_InEachEnvironment_AcceptsOnlyHttps(string environment)
    {
        var app = Properties(await Deployment.OfAsync(environment));
        Assert.True((bool)app["httpsOnly"]!);
        Assert.All(
            ["minTlsVersion", "scmMinTlsVersion"],
            name => Assert.True(Version.Parse((string)app["siteConfig"]![name]!) >= new Version(1, 2), name));
        Assert.Equal("Disabled", (string?)app["siteConfig"]!["ftpsState"]);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task App_InEachEnvironment_HasNoBasicPublishingCredentials(string environment)
    {
        var policies = (await Deployment.OfAsync(environment)).All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToList();
        Assert.Equal(["ftp", "scm"], policies.Select(policy => ((string)policy["name"]!).Split('/')[^1]).Order(StringComparer.Ordinal));
        Assert.All(policies, policy => Assert.False((bool)policy["properties"]!["allow"]!));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Settings_InEachEnvironment_BelongToTheHostOrThePipeline(string environment)
    {
        var settings = (await Deployment.OfAsync(environment)).Settings();
        Assert.All(OfTheHost, name => Assert.Contains(name, settings.Keys));
        Assert.All(
            settings.Keys.Except(OfTheHost, StringComparer.Ordinal),
            name => Assert.StartsWith("JobPipeline__", name, StringComparison.Ordinal));
        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        // With a connection string, Durable emits spans; host.json disables them because a local machine has no connection string.
        Assert.Equal("true", settings[DurableTracing]);
        Assert.Equal(environment, settings["JobPipeline__Telemetry__Environment"]);
        // On Flex Consumption the runtime is a property; a deployment with this setting is rejected.
        Assert.DoesNotContain("FUNCTIONS_WORKER_RUNTIME", settings.Keys);
    }

    [Theory]
    [InlineData("dev", false)]
    [InlineData("staging", true)]
    [InlineData("prod", false)]
    public async Task Chaos_InEachEnvironment_IsOnlyEnabledInStaging(string environment, bool isOn)
    {
        var chaos = (await Deployment.OfAsync(environment)).Settings()
            .Where(setting => setting.Key.StartsWith("JobPipeline__Chaos__", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(isOn, chaos.Exists(setting => setting is { Key: "JobPipeline__Chaos__Enabled", Value: "true" }));
        Assert.Equal(isOn, chaos.Count > 0);
        Assert.All(
            chaos.Where(setting => setting.Key.EndsWith("Rate", StringComparison.Ordinal)),
            rate => Assert.InRange(double.Parse(rate.Value), 0.001, 0.05));
    }

    private static JsonNode Properties(Deployment deployment) => deployment.One("Microsoft.Web/sites")["properties"]!;
}
