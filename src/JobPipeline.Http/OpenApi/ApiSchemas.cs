using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Http.OpenApi;

/// <summary>JSON schemas of the types on the wire, from the serialiser's own contract. Our records and enums become components; what job authors declare stays in one piece, for names of theirs may clash.</summary>
internal sealed class ApiSchemas
{
    private const string Prefix = "#/components/schemas/";

    /// <summary>Numbers are written as numbers; that they are read from strings as well needs not be told.</summary>
    private static readonly JsonSerializerOptions Options = StrictNumbers();

    private readonly JsonSchemaExporterOptions _exporter;

    public ApiSchemas() => _exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public JsonObject Components { get; } = [];

    /// <summary>A schema that may refer to components.</summary>
    public JsonNode Of(Type type) => IsOurs(type) ? Reference(type) : Options.GetJsonSchemaAsNode(type, _exporter);

    /// <summary>Makes a component of a type that job authors declare.</summary>
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
            // Reserved first: a type that contains itself refers to it.
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
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))]) };
        if (FormatOf(type) is { } format)
            schema["format"] = format;
        foreach (var rule in context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
            Annotate(schema, rule);
        return schema;
    }

    /// <summary>The exporter knows nothing of what a converter of ours reads.</summary>
    private static JsonObject TextOf(Type type, bool isNullable)
    {
        JsonNode text = isNullable ? new JsonArray("string", "null") : JsonValue.Create("string");
        return type == typeof(TimeSpan)
            ? new JsonObject { ["type"] = text, ["description"] = "[d.]hh:mm:ss[.fffffff]; ISO 8601 such as PT10M is read as well" }
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

    /// <summary>A type of one value that is read from text.</summary>
    private static bool IsName(Type type) =>
        Array.Exists(type.GetInterfaces(), face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IParsable<>));

    private static bool IsOurs(Type type) =>
        (type.Assembly == typeof(ApiSchemas).Assembly || type.Assembly == typeof(JobJson).Assembly) && !type.IsGenericType && type != typeof(JobId);

    /// <summary>A type that contains itself is told by a pointer from the root of its own schema.</summary>
    private static void Rebase(JsonNode? node, string root)
    {
        if (node is JsonArray array)
        {
            foreach (var element in array)
                Rebase(element, root);
        }
        else if (node is JsonObject schema)
        {
            if (schema["$ref"] is JsonValue pointer && pointer.GetValue<string>() is var text && text.StartsWith('#') && !text.StartsWith(Prefix, StringComparison.Ordinal))
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
