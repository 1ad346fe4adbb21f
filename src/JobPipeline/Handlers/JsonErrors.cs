using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Handlers;

/// <summary>
/// Collects all validation errors of a rejected value. The JSON reader stops at the first error; this class continues, member by
/// member.
/// </summary>
internal sealed class JsonErrors
{
    private const int MaxFaults = 50;
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = JobLimits.MaxDepth,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly List<ValidationError> _faults = [];

    /// <summary>Gets the validation errors: at least one, at most 50.</summary>
    /// <param name="json">The rejected JSON.</param>
    /// <param name="type">The type that the JSON was to be read as.</param>
    /// <param name="refusal">The reader's exception. Its message is used when no other validation error is found.</param>
    public static IReadOnlyList<ValidationError> Of(ReadOnlyMemory<byte> json, Type type, Exception refusal)
    {
        var finder = new JsonErrors();
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            finder.Visit(document.RootElement, JobJson.Options.GetTypeInfo(type), "");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            // Not JSON, or it contains a name or string that is not valid text: the reader's exception describes it.
        }

        return finder._faults.Count > 0 ? finder._faults : [new ValidationError(PathOf(refusal), MessageOf(refusal))];
    }

    private void Visit(JsonElement value, JsonTypeInfo type, string path)
    {
        if (_faults.Count >= MaxFaults)
            return;
        if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
            VisitMembers(value, type, path);
        else if (type.Kind == JsonTypeInfoKind.Dictionary && value.ValueKind == JsonValueKind.Object && type.ElementType is { } entry)
            VisitEntries(value, JobJson.Options.GetTypeInfo(entry), path);
        else if (type.Kind == JsonTypeInfoKind.Enumerable && value.ValueKind == JsonValueKind.Array && type.ElementType is { } element)
            VisitElements(value, JobJson.Options.GetTypeInfo(element), path);
        else if (!Fits(value, type.Type, out _, out var refusal))
            _faults.Add(
                new ValidationError(path, ConverterMessageOf(refusal, type.Type) ?? JsonTypeDescription.Of(type.Type, type.Kind, value)));
    }

    private void VisitElements(JsonElement array, JsonTypeInfo type, string path)
    {
        var index = 0;
        foreach (var element in array.EnumerateArray())
            Visit(element, type, $"{path}[{index++}]");
    }

    private void VisitEntries(JsonElement value, JsonTypeInfo type, string path)
    {
        foreach (var entry in value.EnumerateObject())
            Visit(entry.Value, type, path.Length == 0 ? entry.Name : $"{path}.{entry.Name}");
    }

    private void VisitMembers(JsonElement value, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in value.EnumerateObject())
        {
            var property = type.Properties.FirstOrDefault(
                property => property.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (property is null)
            {
                if (type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow)
                    _faults.Add(new ValidationError(
                        name, $"is not known{NearestName.Hint(member.Name, type.Properties.Select(p => p.Name))}"));
            }
            else if (!seen.Add(member.Name))
            {
                _faults.Add(new ValidationError(name, "appears twice"));
            }
            else
            {
                VisitMember(member.Value, property, name);
            }
        }

        _faults.AddRange(type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name))
            .Select(property => new ValidationError(path.Length == 0 ? property.Name : $"{path}.{property.Name}", "is required")));
    }

    private void VisitMember(JsonElement value, JsonPropertyInfo property, string path)
    {
        if (value.ValueKind == JsonValueKind.Null && !property.IsSetNullable && property.PropertyType is { IsValueType: false })
        {
            _faults.Add(new ValidationError(path, "must not be null"));
            return;
        }

        var before = _faults.Count;
        if (property.CustomConverter is null)
            Visit(value, JobJson.Options.GetTypeInfo(property.PropertyType), path);
        if (_faults.Count > before || !Fits(value, property.PropertyType, out var read, out _))
            return;
        if (read is null && !property.IsSetNullable && property.PropertyType is { IsValueType: false })
            _faults.Add(new ValidationError(path, "must not be empty"));
        var attributes = property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true) ?? [];
        foreach (var rule in attributes.Cast<ValidationAttribute>())
        {
            if (!rule.RequiresValidationContext && !rule.IsValid(read))
                _faults.Add(new ValidationError(path, rule.FormatErrorMessage(property.Name)));
        }
    }

    private static bool Fits(JsonElement value, Type type, out object? read, out Exception? refusal)
    {
        refusal = null;
        try
        {
            read = value.Deserialize(type, JobJson.Options);
            return true;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            (read, refusal) = (null, e);
            return false;
        }
    }

    /// <summary>
    /// Gets the message of a custom converter, which is more specific than the description of its type. Times and durations are
    /// described by <see cref="JsonTypeDescription"/>.
    /// </summary>
    private static string? ConverterMessageOf(Exception? refusal, Type type)
    {
        if (refusal is not JsonException { Message: var message } || message.Contains(" Path: $", StringComparison.Ordinal))
            return null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(DateTime))
            return null;
        var converter = JobJson.Options.GetTypeInfo(type).Converter;
        return converter.GetType().Assembly == typeof(JsonSerializer).Assembly ? null : message;
    }

    private static string PathOf(Exception error) => (error as JsonException)?.Path is { } path ? path.TrimStart('$').TrimStart('.') : "";

    /// <summary>Gets the message without the path that the reader appends, which is reported separately.</summary>
    private static string MessageOf(Exception error)
    {
        var end = error.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
