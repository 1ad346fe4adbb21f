using System.Text.Json.Nodes;
using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

[Slow]
public sealed class IdentityTests
{
    private static readonly (string Role, string On)[] Needed =
    [
        ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Microsoft.Storage/storageAccounts"), // Storage Blob Data Owner
        ("974c5e8b-45b9-4653-ba55-5f855dd0fbe8", "Microsoft.Storage/storageAccounts"), // Storage Queue Data Contributor
        ("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "Microsoft.Storage/storageAccounts"), // Storage Table Data Contributor
        ("3913510d-42f4-4e42-8a64-420c390055eb", "Microsoft.Insights/components"), // Monitoring Metrics Publisher
    ];

    public static TheoryData<string> Environments => Deployment.Names;

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Roles_OfTheApp_AreExactlyTheNeededOnes(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var roles = deployment.All("Microsoft.Authorization/roleAssignments").ToList();
        Assert.Equal(
            Needed.Select(role => $"{role.Role} on {deployment.One(role.On)["id"]}").Order(StringComparer.Ordinal),
            roles.Select(role => $"{RoleOf(role)} on {ScopeOf(role)}").Order(StringComparer.Ordinal));
        Assert.All(
            roles,
            role => Assert.Contains((string)Identity(deployment), (string)role["properties"]!["principalId"]!, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task App_ForEverySignIn_UsesItsIdentity(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var identity = Identity(deployment);
        var app = deployment.One("Microsoft.Web/sites");
        Assert.Equal("UserAssigned", (string?)app["identity"]!["type"]);
        Assert.Equal(identity, Assert.Single(app["identity"]!["userAssignedIdentities"]!.AsObject()).Key);
        var packages = app["properties"]!["functionAppConfig"]!["deployment"]!["storage"]!;
        Assert.Equal(identity, (string?)packages["authentication"]!["userAssignedIdentityResourceId"]);
        var settings = deployment.Settings();
        Assert.Contains(identity, settings["AzureWebJobsStorage__clientId"], StringComparison.Ordinal);
        Assert.Contains("Authorization=AAD", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"], StringComparison.Ordinal);
        Assert.Contains(identity, settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"], StringComparison.Ordinal);
        Assert.Equal((string?)deployment.One("Microsoft.Storage/storageAccounts")["name"], settings["AzureWebJobsStorage__accountName"]);
    }

    private static string RoleOf(JsonObject assignment) => ((string)assignment["properties"]!["roleDefinitionId"]!).Split('/')[^1];

    private static string ScopeOf(JsonObject assignment) =>
        ((string)assignment["id"]!).Split("/providers/Microsoft.Authorization/")[0];

    private static string Identity(Deployment deployment) =>
        (string)deployment.One("Microsoft.ManagedIdentity/userAssignedIdentities")["id"]!;
}
