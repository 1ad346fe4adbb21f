using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Workflows.Definitions;

/// <summary>Finds members of a value that its type does not have and that deserialization would skip.</summary>
internal static class UnknownMembers
{
    public static IEnumerable<ValidationError> Of(JsonElement value, Type type) =>
        value.ValueKind == JsonValueKind.Undefined ? [] : Of(value, JobJson.Options.GetTypeInfo(type), "");

    private static IEnumerable<ValidationError> Of(JsonElement value, JsonTypeInfo type, string path) => (type.Kind, value.ValueKind) switch
    {
        (JsonTypeInfoKind.Object, JsonValueKind.Object) when type.PolymorphismOptions is null => OfMembers(value, type, path),
        (JsonTypeInfoKind.Dictionary, JsonValueKind.Object) when Element(type) is { } entry =>
            value.EnumerateObject().SelectMany(member => Of(member.Value, entry, Join(path, member.Name))),
        (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) when Element(type) is { } element =>
            value.EnumerateArray().SelectMany((item, index) => Of(item, element, $"{path}[{index}]")),
        _ => [],
    };

    private static IEnumerable<ValidationError> OfMembers(JsonElement value, JsonTypeInfo type, string path)
    {
        // A type that rejects unknown members reports them when the value is read.
        var skips = type.UnmappedMemberHandling != JsonUnmappedMemberHandling.Disallow
            && !type.Properties.Any(property => property.IsExtensionData);
        var known = type.Properties.Select(property => property.Name).ToList();
        foreach (var member in value.EnumerateObject())
        {
            var at = Join(path, member.Name);
            var place = known.FindIndex(name => name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            if (place < 0 && skips)
                yield return new ValidationError(at, $"is not known{NearestName.Hint(member.Name, known)}");
            if (place < 0 || type.Properties[place] is not { CustomConverter: null } property)
                continue;
            foreach (var error in Of(member.Value, JobJson.Options.GetTypeInfo(property.PropertyType), at))
                yield return error;
        }
    }

    private static JsonTypeInfo? Element(JsonTypeInfo type) =>
        type.ElementType is { } element ? JobJson.Options.GetTypeInfo(element) : null;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
