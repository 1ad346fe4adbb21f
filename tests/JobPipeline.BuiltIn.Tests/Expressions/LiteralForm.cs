using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JobPipeline.BuiltIn.Tests.Expressions;

/// <summary>Converts the short form of an expression, with bare JSON values, into one with literals or with a document.</summary>
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

    /// <summary>
    /// Matches an array, an object, a string or a number; an array may have one nested level. A projection such as [*] does not
    /// match.
    /// </summary>
    [GeneratedRegex(
        @"(?<![\w\])])\[(?![?*])(?:[^\[\]]|\[[^\]]*\])*\]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|(?<![\w.])-?[0-9][0-9.eE+-]*",
        RegexOptions.None,
        matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Value();
}
