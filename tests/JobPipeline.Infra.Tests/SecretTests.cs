using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

/// <summary>Secrets must not be readable in a deployment or in an app's settings.</summary>
[Slow]
public sealed class SecretTests
{
    private static readonly string[] Secretive = ["key", "secret", "password", "token", "connectionstring", "sas", "credential"];

    public static TheoryData<string> Environments => Deployment.Names;

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Outputs_OfADeployment_AreNamesAndAddresses(string environment)
    {
        var outputs = (await Deployment.OfAsync(environment)).Outputs;
        Assert.Equal(
            ["API", "APPLICATION_INSIGHTS", "FUNCTION_APP", "RESOURCE_GROUP", "STORAGE_ACCOUNT"],
            outputs.Select(output => output.Key).Order(StringComparer.Ordinal));
        Assert.All(outputs, output => Assert.DoesNotContain("parameters(", (string)output.Value!, StringComparison.Ordinal));
        Assert.All(outputs, output => AssertPlain(output.Key, (string)output.Value!));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Settings_OfTheApp_ContainNoSecret(string environment)
    {
        var settings = (await Deployment.OfAsync(environment)).Settings();
        var insights = Assert.Single(settings, setting => setting.Key.Contains("CONNECTION_STRING", StringComparison.OrdinalIgnoreCase));
        Assert.EndsWith("'2020-02-02').ConnectionString]", insights.Value, StringComparison.Ordinal);
        Assert.All(settings.Where(setting => setting.Key != insights.Key), setting => AssertPlain(setting.Key, setting.Value));
    }

    /// <summary>The connection string in the settings is therefore an address and grants no access.</summary>
    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Telemetry_WithoutAnIdentity_IsRejected(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        Assert.True((bool)deployment.One("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]!);
        Assert.True((bool)deployment.One("Microsoft.OperationalInsights/workspaces")["properties"]!["features"]!["disableLocalAuth"]!);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task SecureValues_InADeployment_ReachOnlyTheTestAndTheWebhook(string environment)
    {
        var holders = (await Deployment.OfAsync(environment)).Resources
            .Where(resource => (resource["properties"]?.ToJsonString() ?? "").Contains("parameters(", StringComparison.Ordinal))
            .Select(resource => (string)resource["type"]!);
        Assert.Equal(["Microsoft.Insights/actionGroups", "Microsoft.Insights/webtests"], holders.Order(StringComparer.Ordinal));
    }

    // The setting that selects sign-in by identity is the only one with a name like a secret.
    private static void AssertPlain(string name, string value)
    {
        Assert.DoesNotContain("list", value.Split('(')[0], StringComparison.OrdinalIgnoreCase);
        if (name != "AzureWebJobsStorage__credential")
            Assert.DoesNotContain(Secretive, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("parameters(", value, StringComparison.Ordinal);
    }
}
