using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.OpenApi;

/// <summary>
/// The JSON schemas of the API's types, exported from the serializer's contracts. Our own records and enums become components;
/// types declared by job authors stay inline, because their names may clash.
/// </summary>
internal sealed class ApiSchemas
{
    private const string Prefix = "#/components/schemas/";

    /// <summary>Options that describe numbers as numbers only; the schemas need not mention that strings are also accepted.</summary>
    private static readonly JsonSerializerOptions Options = StrictNumbers();

    private readonly JsonSchemaExporterOptions _exporter;

    public ApiSchemas() =>
        _exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public JsonObject Components { get; } = [];

    /// <summary>Gets the schema of a type, possibly a reference to a component.</summary>
    public JsonNode Of(Type type) => IsOurs(type) ? Reference(type) : Options.GetJsonSchemaAsNode(type, _exporter);

    /// <summary>Adds a type declared by a job author as a component and returns a reference to it.</summary>
    public JsonNode Add(string name, Type type)
    {
        var schema = Options.GetJsonSchemaAsNode(type, _exporter);
        Rebase(schema, Prefix + name);
        Components[name] = schema;
        return new JsonObject { ["$ref"] = Prefix + name };
    }

    private JsonObject Reference(Type type)
    {
        if (!Components.ContainsKey(type.Name))
        {
            // Reserved first, so that a recursive type can refer to itself.
            Components[type.Name] = null;
            Components[type.Name] = Options.GetJsonSchemaAsNode(type, _exporter);
        }

        return new JsonObject { ["$ref"] = Prefix + type.Name };
    }

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(JobId))
            return new JsonObject { ["type"] = "string", ["format"] = "uuid" };
        if (!context.Path.IsEmpty && IsOurs(type))
            return Reference(type);
        if (type == typeof(DateTimeOffset) || type == typeof(TimeSpan))
            node = TextOf(type, isNullable: type != context.TypeInfo.Type);
        if (node is not JsonObject schema)
            return IsName(type) ? new JsonObject { ["type"] = "string" } : new JsonObject();
        if (type.IsEnum)
        {
            return new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))]),
            };
        }
        if (FormatOf(type) is { } format)
            schema["format"] = format;
        foreach (var rule in context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
            Annotate(schema, rule);
        return schema;
    }

    /// <summary>Gets the schema of a type that our own converters write as text, which the exporter can't know.</summary>
    private static JsonObject TextOf(Type type, bool isNullable)
    {
        JsonNode text = isNullable ? new JsonArray("string", "null") : JsonValue.Create("string");
        return type == typeof(TimeSpan)
            ? new JsonObject
            {
                ["type"] = text,
                ["description"] = "[d.]hh:mm:ss[.fffffff]; ISO 8601 durations such as PT10M are also accepted",
            }
            : new JsonObject { ["type"] = text, ["format"] = "date-time" };
    }

    private static string? FormatOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.Int32 => "int32",
        TypeCode.Int64 => "int64",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        _ => null,
    };

    private static void Annotate(JsonObject schema, object rule)
    {
        switch (rule)
        {
            case RangeAttribute { Minimum: int or double, Maximum: int or double } range:
                schema["minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum));
                schema["maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum));
                break;
            case StringLengthAttribute length:
                (schema["minLength"], schema["maxLength"]) = (length.MinimumLength, length.MaximumLength);
                break;
            case RegularExpressionAttribute expression:
                schema["pattern"] = expression.Pattern;
                break;
            case DescriptionAttribute description:
                schema["description"] = description.Description;
                break;
        }
    }

    /// <summary>Whether the type is a single value parsed from text.</summary>
    private static bool IsName(Type type) =>
        Array.Exists(type.GetInterfaces(), face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IParsable<>));

    private static bool IsOurs(Type type) =>
        (type.Assembly == typeof(ApiSchemas).Assembly || type.Assembly == typeof(JobJson).Assembly)
        && !type.IsGenericType
        && type != typeof(JobId);

    /// <summary>
    /// Rewrites references relative to the root of the exported schema, which recursive types contain, to references to the
    /// component.
    /// </summary>
    private static void Rebase(JsonNode? node, string root)
    {
        if (node is JsonArray array)
        {
            foreach (var element in array)
                Rebase(element, root);
        }
        else if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue pointer
                && pointer.GetValue<string>() is var text
                && text.StartsWith('#')
                && !text.StartsWith(Prefix, StringComparison.Ordinal))
                schema["$ref"] = root + text[1..];
            foreach (var member in schema)
                Rebase(member.Value, root);
        }
    }

    private static JsonSerializerOptions StrictNumbers()
    {
        var options = new JsonSerializerOptions(JobJson.Options) { NumberHandling = JsonNumberHandling.Strict };
        options.MakeReadOnly();
        return options;
    }
}
