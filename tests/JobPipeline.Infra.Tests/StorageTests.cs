using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

[Slow]
public sealed class StorageTests
{
    public static TheoryData<string> Environments => Deployment.Names;

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Account_InEachEnvironment_AllowsOnlyIdentitiesOverTls(string environment)
    {
        var properties = (await Deployment.OfAsync(environment)).One("Microsoft.Storage/storageAccounts")["properties"]!;
        Assert.False((bool)properties["allowSharedKeyAccess"]!);
        Assert.False((bool)properties["allowBlobPublicAccess"]!);
        Assert.False((bool)properties["allowCrossTenantReplication"]!);
        Assert.True((bool)properties["supportsHttpsTrafficOnly"]!);
        Assert.Contains((string)properties["minimumTlsVersion"]!, new[] { "TLS1_2", "TLS1_3" });
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Packages_InEachEnvironment_HaveAContainer(string environment) =>
        Assert.EndsWith(
            "/app-packages",
            (string)(await Deployment.OfAsync(environment)).One("Microsoft.Storage/storageAccounts/blobServices/containers")["name"]!,
            StringComparison.Ordinal);

    [Fact]
    public async Task Account_InProduction_SurvivesAZone() =>
        Assert.Contains(
            "ZRS",
            (string)(await Deployment.OfAsync("prod")).One("Microsoft.Storage/storageAccounts")["sku"]!["name"]!,
            StringComparison.Ordinal);
}
