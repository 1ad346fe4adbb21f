using System.Text.Json;

namespace JobPipeline.Handlers;

/// <summary>What JSON a type is read from, in words: a producer does not know our types.</summary>
internal static class Expectation
{
    public static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return $"must be one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}";
        if (type == typeof(TimeSpan))
            return "must be a duration such as 00:10:00";
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return "must be an ISO 8601 time such as 2026-11-24T09:00:00Z";
        if (type == typeof(Guid))
            return "must be a UUID";
        if (type == typeof(Uri))
            return "must be an address";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "must be true or false",
            TypeCode.String => "must be a string",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "must be a number within range",
            >= TypeCode.SByte and <= TypeCode.UInt64 => "must be a whole number within range",
            _ => typeof(System.Collections.IDictionary).IsAssignableFrom(type) ? "must be an object"
                : typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? "must be an array"
                : "does not fit",
        };
    }
}
