using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using JobPipeline.Handlers;

namespace JobPipeline.Http.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document of the API: the table of operations, the schemas of requests and responses, and an operation with
/// its own payload schema for every registered job type. It needs no routing, so both hosts serve the same document. Built
/// once.
/// </summary>
internal sealed class ApiDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lazy<(byte[] Content, string ETag)> _document;

    public ApiDocument(JobRegistry types) => _document = new Lazy<(byte[], string)>(() =>
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(Build(types), Indented);
        return (content, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"");
    });

    public ReadOnlyMemory<byte> Content => _document.Value.Content;

    /// <summary>Gets the entity tag of the content, quoted as in the header.</summary>
    public string ETag => _document.Value.ETag;

    private static JsonObject Build(JobRegistry types)
    {
        var schemas = new ApiSchemas();
        var paths = new ApiPaths(schemas, ApiOperations.All);
        foreach (var type in types.All)
            paths.AddJobType(type);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "JobPipeline",
                ["version"] = typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion.Split('+')[0] ?? "0",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { [ApiPaths.KeyScheme] = new JsonArray() }),
            ["paths"] = paths.Paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Components,
                ["securitySchemes"] = new JsonObject
                {
                    [ApiPaths.KeyScheme] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" },
                },
            },
        };
    }
}
