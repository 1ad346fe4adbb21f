using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Handlers;

/// <summary>
/// Reads a value from JSON with <see cref="JobJson.Options"/>, validates its data annotations, and returns all validation errors,
/// not only the first.
/// </summary>
internal static class CheckedJson
{
    /// <summary>
    /// Reads and validates a value. Returns the validation errors; empty for a valid value. Empty input is read like <c>{}</c>.
    /// </summary>
    /// <param name="json">The JSON, in UTF-8.</param>
    /// <param name="value">The value; default when a validation error prevents it from being read.</param>
    public static IReadOnlyList<ValidationError> Read<T>(ReadOnlyMemory<byte> json, out T? value)
    {
        value = default;
        json = Utf8Mark.Trim(json);
        if (json.IsEmpty)
            json = "{}"u8.ToArray();
        try
        {
            value = JsonSerializer.Deserialize<T>(json.Span, JobJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return JsonErrors.Of(json, typeof(T), e);
        }

        if (value is null)
            return [new ValidationError("", "must not be null")];
        return PayloadRules<T>.MayApplyTo(value) ? Validate(value) : [];
    }

    private static List<ValidationError> Validate(object value)
    {
        var results = new List<ValidationResult>();
        try
        {
            if (Validator.TryValidateObject(value, new ValidationContext(value), results, validateAllProperties: true))
                return [];
        }
        catch (Exception e)
        {
            // The payload's own validation threw. It would do so on every delivery.
            return [new ValidationError("", $"validation failed with an exception: {e.Message}")];
        }

        var names = JobJson.Options.GetTypeInfo(value.GetType()).Properties;
        return
        [
            .. results.SelectMany(result => result.MemberNames.DefaultIfEmpty("")
                .Select(member => new ValidationError(NameOf(member, names), result.ErrorMessage ?? "is not valid"))),
        ];
    }

    private static string NameOf(string member, IList<JsonPropertyInfo> properties) =>
        properties.FirstOrDefault(property =>
            property.AttributeProvider is System.Reflection.MemberInfo info && info.Name == member)?.Name ?? member;
}
