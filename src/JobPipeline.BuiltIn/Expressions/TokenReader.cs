using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DevLab.JmesPath.Utils;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Converts JSON to the library's model. Numbers keep their digits; strings stay unchanged, including dates.</summary>
internal static class TokenReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JmesPathEvaluator.MaxDepth };

    /// <exception cref="System.Text.Json.JsonException">The text is not JSON.</exception>
    public static JToken Read(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return Read(document.RootElement);
    }

    public static JToken Read(JsonElement value) => Read(value, 0);

    /// <summary>Converts an object, omitting the members that are not requested.</summary>
    public static JToken ReadMembers(JsonElement value, Func<string, bool> isAskedFor) => ReadObject(value, 0, isAskedFor);

    private static JToken Read(JsonElement value, int depth)
    {
        if (depth > JmesPathEvaluator.MaxDepth)
            throw new ExpressionValueException($"a value is nested more than {JmesPathEvaluator.MaxDepth} levels deep");
        return value.ValueKind switch
        {
            JsonValueKind.Object => ReadObject(value, depth, _ => true),
            JsonValueKind.Array => new JArray().AddRange(value.EnumerateArray().Select(item => Read(item, depth + 1))),
            JsonValueKind.String => new JValue(Unquote(JsonMarshal.GetRawUtf8Value(value))),
            JsonValueKind.Number => Tokens.Of(new ExactNumber(value.GetRawText())),
            JsonValueKind.True => new JValue(true),
            JsonValueKind.False => new JValue(false),
            _ => JValue.CreateNull(),
        };
    }

    private static JObject ReadObject(JsonElement value, int depth, Func<string, bool> isAskedFor)
    {
        var members = new JObject();
        foreach (var member in value.EnumerateObject())
        {
            var name = Unquote([(byte)'"', .. JsonMarshal.GetRawUtf8PropertyName(member), (byte)'"']);
            // The last member with a name wins.
            if (isAskedFor(name))
                members[name] = Read(member.Value, depth + 1);
        }

        return members;
    }

    private static string Unquote(ReadOnlySpan<byte> quoted) => quoted.Contains((byte)'\\')
        ? JsonText.Unquote(Encoding.UTF8.GetString(quoted))
        : Encoding.UTF8.GetString(quoted[1..^1]);
}
