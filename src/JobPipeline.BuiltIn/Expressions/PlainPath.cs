using System.Buffers;
using System.Text.Json;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>
/// Evaluates expressions that are names joined by dots, such as <c>item.id</c>, without the library: parsing the expression and
/// converting its document is most of what such an expression costs there.
/// </summary>
internal static class PlainPath
{
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

    private static readonly JsonElement Null = JsonElement.Parse("null"u8);

    /// <summary>Finds the value of a plain path, which is null if a name is missing. Returns false for any other expression.</summary>
    public static bool TryFind(string expression, JsonElement document, out JsonElement value)
    {
        value = document;
        var rest = expression.AsSpan();
        while (true)
        {
            var dot = rest.IndexOf('.');
            var name = dot < 0 ? rest : rest[..dot];
            if (name.IsEmpty || char.IsAsciiDigit(name[0]) || name.ContainsAnyExcept(NameChars))
                return false;
            value = value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : Null;
            if (dot < 0)
                return true;
            rest = rest[(dot + 1)..];
        }
    }
}
