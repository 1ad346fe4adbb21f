using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace JobPipeline.Integration.Tests.Http.Generated;

/// <summary>
/// The OpenAPI document is complete enough for a generated client: a client is generated, compiled together with a script that
/// uses it, and run.
/// </summary>
[Slow]
public sealed class GeneratedClientTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_GeneratedFromTheDocument_DrivesTheApi()
    {
        var client = await GenerateAsync(await host.Api.GetStringAsync(new Uri("api/openapi.json", UriKind.Relative), Token));
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Http", "Generated", "ClientScript.cs"), Token);

        var run = Compile(client, script).GetType("ClientScript", throwOnError: true)!.GetMethod("RunAsync")!;

        await (Task)run.Invoke(null, [host.Api, Token])!;
    }

    [Fact]
    public async Task Document_RequestedAgain_IsNotModified()
    {
        using var first = await host.GetAsync("api/openapi.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/openapi.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await host.Api.SendAsync(request, Token);

        Assert.Equal(System.Net.HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Document_OfEveryOperation_ResolvesItsReferencesAndHasUniquePaths()
    {
        var document = await host.JsonAsync("api/openapi.json");
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        Assert.All(References(document), pointer => Assert.True(Resolve(document, pointer).ValueKind == JsonValueKind.Object, pointer));
        var shapes = document.GetProperty("paths").EnumerateObject().Select(
            path => System.Text.RegularExpressions.Regex.Replace(
                path.Name, @"\{\w+\}", "{}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))).ToList();
        Assert.Equal(shapes.Distinct(StringComparer.Ordinal), shapes);
        var payload = document.GetProperty("components").GetProperty("schemas").GetProperty("TestFamilyPayload");
        Assert.Equal(10, payload.GetProperty("properties").GetProperty("children").GetProperty("maximum").GetInt32());
        Assert.Equal("children", Assert.Single(payload.GetProperty("required").EnumerateArray()).GetString());
    }

    private static async Task<string> GenerateAsync(string document) => new CSharpClientGenerator(
        await OpenApiDocument.FromJsonAsync(document, Token),
        new CSharpClientGeneratorSettings
        {
            ClassName = "JobsClient",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings =
            {
                Namespace = "Generated",
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
            },
        }).GenerateFile();

    private static Assembly Compile(params string[] sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "generated",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, cancellationToken: Token);
        Assert.True(
            emitted.Success,
            string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(image.ToArray());
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static JsonElement Resolve(JsonElement document, string pointer) =>
        pointer.Split('/').Skip(1).Aggregate(
            document,
            (element, name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
                ? member
                : default);
}
