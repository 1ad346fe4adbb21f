using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Handlers;

/// <summary>Describes the JSON that a type is read from, because a producer does not know our types.</summary>
internal static class JsonTypeDescription
{
    /// <param name="type">The type that the value is read as.</param>
    /// <param name="kind">The kind of JSON that the type is read from.</param>
    /// <param name="value">The value that was sent.</param>
    public static string Of(Type type, JsonTypeInfoKind kind, JsonElement value)
    {
        var expected = kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "must be an object",
            JsonTypeInfoKind.Enumerable => "must be an array",
            _ => Of(type, value.ValueKind == JsonValueKind.String ? value.GetString()! : ""),
        };
        if (kind == JsonTypeInfoKind.None)
            return expected;
        return value.ValueKind == JsonValueKind.String && value.GetString()!.TrimStart() is ['{' or '[', ..]
            ? $"{expected}, not a string that contains its JSON; send the value itself"
            : $"{expected}{Instead(value.ValueKind)}";
    }

    /// <summary>Names the kind that was sent instead of an object or array. The texts for scalars are clear without it.</summary>
    private static string Instead(JsonValueKind sent) => sent switch
    {
        JsonValueKind.String => ", not a string",
        JsonValueKind.Number => ", not a number",
        JsonValueKind.True or JsonValueKind.False => ", not true or false",
        JsonValueKind.Array => ", not an array",
        JsonValueKind.Object => ", not an object",
        _ => "",
    };

    private static string Of(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return $"must be one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}";
        if (type == typeof(TimeSpan))
            return $"must be {WireDuration.Form}";
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return WireTime.WhyNot(text);
        if (type == typeof(Guid))
            return "must be a UUID";
        if (type == typeof(Uri))
            return "must be a URL";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "must be true or false",
            TypeCode.String => "must be a string",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "must be a number within range",
            >= TypeCode.SByte and <= TypeCode.UInt64 => "must be a whole number within range",
            _ => typeof(System.Collections.IDictionary).IsAssignableFrom(type) ? "must be an object"
                : typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? "must be an array"
                : "does not have the expected format",
        };
    }
}
