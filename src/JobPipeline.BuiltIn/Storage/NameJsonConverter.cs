using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.BuiltIn.Sources;

namespace JobPipeline.BuiltIn.Storage;

/// <summary>Reads a name from a JSON string. An empty string is read as null.</summary>
internal abstract class NameJsonConverter<T> : JsonConverter<T>
    where T : class
{
    public sealed override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("must be a string");
        var text = reader.GetString()!;
        return text.Length == 0 ? null : Read(text, out var error) ?? throw new JsonException(error);
    }

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    /// <summary>Parses a value, or returns null and a sentence with the validation error.</summary>
    protected abstract T? Read(string text, out string? error);
}

internal sealed class BlobAddressJsonConverter : NameJsonConverter<BlobAddress>
{
    protected override BlobAddress? Read(string text, out string? error)
    {
        var address = BlobAddress.Read(text, out error);
        error = error is null ? null : $"'{text}' {error}";
        return address;
    }
}

internal sealed class TableNameJsonConverter : NameJsonConverter<TableName>
{
    protected override TableName? Read(string text, out string? error) => TableName.Read(text, out error);
}

internal sealed class FilePathJsonConverter : NameJsonConverter<FilePath>
{
    protected override FilePath? Read(string text, out string? error)
    {
        var path = FilePath.Read(text, out error);
        error = error is null ? null : $"'{text}' {error}";
        return path;
    }
}
