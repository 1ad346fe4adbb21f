using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JobPipeline.Handlers;

namespace JobPipeline.Http.OpenApi;

/// <summary>Writes operations as OpenAPI path items.</summary>
internal sealed partial class ApiPaths
{
    public const string KeyScheme = "functionsKey";
    private const string Json = "application/json";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly ApiSchemas _schemas;
    private readonly IReadOnlyList<ApiOperation> _operations;

    public ApiPaths(ApiSchemas schemas, IReadOnlyList<ApiOperation> operations)
    {
        (_schemas, _operations) = (schemas, operations);
        foreach (var operation in operations)
            Add(PathOf(operation.Route), operation, operation.Body?.Type is { } body ? schemas.Of(body) : new JsonObject());
    }

    public JsonObject Paths { get; } = [];

    /// <summary>Adds a path for the job type with its payload schema; OpenAPI matches concrete paths before templated ones.</summary>
    public void AddJobType(JobDescriptor type)
    {
        var name = NameOf(type.Type);
        var payload = _schemas.Add($"{name}Payload", type.PayloadType);
        if (type.ResultType is { } result)
            _schemas.Add($"{name}Result", result);
        var general = _operations.First(operation => operation.Id == ApiOperations.SubmitJobId);
        var path = "/" + general.Route.Replace("{type}", type.Type, StringComparison.Ordinal);
        Add(
            path,
            general with
            {
                Id = $"submit{name}",
                Route = path,
                Summary = $"Enqueues a job of the type {type.Type}.",
                Parameters = [.. general.Parameters.Where(parameter => parameter.Name != "type")],
            },
            payload);
    }

    /// <summary>
    /// Gets a name that suits code generators: <c>csv.import</c> becomes <c>CsvImport</c>. If the name is already used, a number is
    /// appended.
    /// </summary>
    private string NameOf(string type)
    {
        var words = string.Concat(
            NotInAName().Split(type).Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        var name = words;
        for (var number = 2; !_names.Add(name); number++)
            name = words + number.ToString(CultureInfo.InvariantCulture);
        return name;
    }

    private void Add(string path, ApiOperation operation, JsonNode body)
    {
        if (Paths[path] is not JsonObject item)
            Paths[path] = item = [];
        item[operation.Method.ToLowerInvariant()] = Write(operation, path, body);
    }

    private JsonObject Write(ApiOperation operation, string path, JsonNode body)
    {
        var written = new JsonObject { ["operationId"] = operation.Id, ["summary"] = operation.Summary };
        if (operation.Description is { } description)
            written["description"] = description;
        if (operation.Parameters.Count > 0)
        {
            written["parameters"] = new JsonArray(
                [.. operation.Parameters.Select(JsonNode (parameter) => Write(parameter, operation.Route, path))]);
        }
        if (operation.Body is { } taken)
        {
            var content = new JsonObject { [Json] = new JsonObject { ["schema"] = body } };
            if (taken.OtherMediaType is { } other)
                content[other] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
            written["requestBody"] = new JsonObject { ["required"] = taken.IsRequired, ["content"] = content };
        }

        var responses = operation.Answers.Select(answer =>
            KeyValuePair.Create<string, JsonNode?>(answer.Status.ToString(CultureInfo.InvariantCulture), Write(answer)));
        written["responses"] = new JsonObject(responses.Concat(
            operation.IsOpen
                ? []
                : [KeyValuePair.Create<string, JsonNode?>("default", Write(new ApiAnswer(500, "Rejected, or an unexpected error.")))]));
        if (operation.IsOpen)
            written["security"] = new JsonArray();
        return written;
    }

    private JsonObject Write(ApiParameter parameter, string route, string path)
    {
        var index = Placeholders(route).IndexOf(parameter.Name);
        var schema = _schemas.Of(Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type);
        if (parameter.Range is { } range)
            (schema["minimum"], schema["maximum"], schema["default"]) = (1, range.Max, range.Default);
        return new JsonObject
        {
            ["name"] = index < 0 ? parameter.Name : Placeholders(path)[index],
            ["in"] = parameter.IsHeader ? "header" : index < 0 ? "query" : "path",
            ["description"] = parameter.Description,
            ["required"] = index >= 0,
            ["schema"] = schema,
        };
    }

    private JsonObject Write(ApiAnswer answer)
    {
        var written = new JsonObject { ["description"] = answer.Description };
        var (type, mediaType) = answer.Status >= 400 && answer.View is null
            ? (typeof(ProblemView), "application/problem+json")
            : (answer.View, Json);
        if (type is not null)
            written["content"] = new JsonObject { [mediaType] = new JsonObject { ["schema"] = _schemas.Of(type) } };
        return written;
    }

    /// <summary>
    /// Gets the OpenAPI path of a route. Routes that differ only in placeholder names are one path in OpenAPI, so their placeholder
    /// names are joined.
    /// </summary>
    private string PathOf(string route)
    {
        var alike = _operations.Where(other => Shape(other.Route) == Shape(route)).Select(other => Placeholders(other.Route)).ToList();
        var path = "/" + route;
        for (var i = 0; i < alike[0].Count; i++)
        {
            path = path.Replace(
                $"{{{Placeholders(route)[i]}}}", $"{{{Joined(alike.Select(names => names[i]))}}}", StringComparison.Ordinal);
        }
        return path;
    }

    /// <summary>Joins placeholder names, for example to <c>typeOrId</c>.</summary>
    private static string Joined(IEnumerable<string> names) =>
        string.Join(
            "Or",
            names.Distinct(StringComparer.Ordinal).Select((name, i) => i == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..]));

    private static string Shape(string route) => Placeholder().Replace(route, "{}");

    private static List<string> Placeholders(string route) => [.. Placeholder().Matches(route).Select(match => match.Value[1..^1])];

    [GeneratedRegex(@"\{\w+\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex("[^A-Za-z0-9]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotInAName();
}
