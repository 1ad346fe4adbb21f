using System.Text.Json.Nodes;
using JobPipeline.Infra.Tests.Rig;

namespace JobPipeline.Infra.Tests;

/// <summary>The template as a whole, nested modules included.</summary>
[Slow]
public sealed class TemplateTests
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    public static TheoryData<string> Environments => Deployment.Names;

    [Fact]
    public void ParameterFiles_InTheFolder_MatchTheEnvironments() => Assert.Equal(
        Repository.Files("infra", "main.*.bicepparam").Select(file => file.Split('.')[^2]).Order(StringComparer.Ordinal),
        Deployment.Names.Select(row => row.Data).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Compiler_OnTheTemplate_ReportsNoWarning() => Assert.Empty((await CompileAsync()).Errors);

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Compiler_OnParameters_ReportsNoWarning(string environment) =>
        Assert.Empty(
            (await Bicep.RunAsync(Repository.Root, Nothing, "build-params", $"infra/main.{environment}.bicepparam", "--stdout")).Errors);

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Deployment_Predicted_IsComplete(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        Assert.Empty(deployment.Diagnostics);
        Assert.True(deployment.Resources.Count > 30, $"only {deployment.Resources.Count} resources");
    }

    [Fact]
    public async Task Template_Anywhere_ReadsNoKeys()
    {
        var template = (await CompileAsync()).Output;
        string[] keys =
        [
            "listKeys", "listAccountSas", "listServiceSas", "listSecrets", "listConnectionStrings", "AccountKey=", "SharedAccess",
            "InstrumentationKey",
        ];
        Assert.All(keys, word => Assert.DoesNotContain(word, template, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task SecureParameters_OfTheTemplate_HaveNoValueInIt()
    {
        var parameters = JsonNode.Parse((await CompileAsync()).Output)!["parameters"]!.AsObject();
        var secure = parameters
            .Where(parameter => ((string)parameter.Value!["type"]!).StartsWith("secure", StringComparison.OrdinalIgnoreCase))
            .ToList();
        Assert.Equal(["alertWebhook", "availabilityKey"], secure.Select(parameter => parameter.Key).Order(StringComparer.Ordinal));
        Assert.All(secure, parameter => Assert.Equal("", (string?)parameter.Value!["defaultValue"]));
    }

    private static Task<(string Output, string Errors)> CompileAsync() =>
        Bicep.RunAsync(Repository.Root, Nothing, "build", "infra/main.bicep", "--stdout");
}
