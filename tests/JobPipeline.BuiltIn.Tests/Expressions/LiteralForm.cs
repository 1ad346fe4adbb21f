using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JobPipeline.BuiltIn.Tests.Expressions;

/// <summary>Turns a short form of an expression, with its JSON values bare, into one with literals or with a document.</summary>
internal static partial class LiteralForm
{
    public static string Of(string call) => Value().Replace(call, value => $"`{Json(value.Value)}`");

    public static (string Expression, JsonElement Document) InDocument(string call)
    {
        var members = new JsonObject();
        var expression = Value().Replace(call, value =>
        {
            members[$"v{members.Count}"] = JsonNode.Parse(Json(value.Value));
            return $"v{members.Count - 1}";
        });
        return (expression, JsonElement.Parse(members.ToJsonString()));
    }

    private static string Json(string value) => value.Replace('\'', '"');

    /// <summary>A list, an object, a text or a number; a list may hold one further level. A selection such as [*] is none.</summary>
    [GeneratedRegex(
        @"(?<![\w\])])\[(?![?*])(?:[^\[\]]|\[[^\]]*\])*\]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|(?<![\w.])-?[0-9][0-9.eE+-]*",
        RegexOptions.None,
        matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Value();
}
