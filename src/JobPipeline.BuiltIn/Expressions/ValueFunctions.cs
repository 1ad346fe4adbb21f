using DevLab.JmesPath.Utils;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Functions over values of any type.</summary>
internal static class ValueFunctions
{
    public static IEnumerable<ValueFunction> All { get; } =
    [
        new("contains", 2, Contains),
        new("to_string", 1, arguments => ToText(arguments.Value(0))),
        new("length", 1, Length),
        new("reverse", 1, Reverse),
        new("merge", 1, Merge, isVariadic: true),
    ];

    private static JToken Contains(FunctionArguments arguments)
    {
        var sought = arguments.Value(1);
        return arguments.Value(0) switch
        {
            JArray items => items.Any(item => TokenComparison.AreEqual(item, sought)),
            var text when Tokens.IsText(text) => AsText(sought) is { } part && Tokens.Text(text).Contains(part, StringComparison.Ordinal),
            var other => throw arguments.Refuse(0, "an array or a string", Tokens.NameOf(other)),
        };
    }

    private static JToken ToText(JToken value) => Tokens.IsText(value) ? value : new JValue(TokenWriter.Write(value));

    private static string? AsText(JToken token) =>
        Tokens.IsText(token) ? Tokens.Text(token) : Tokens.IsNumber(token) ? Tokens.Number(token).Text : null;

    private static JToken Length(FunctionArguments arguments) => arguments.Value(0) switch
    {
        JArray items => items.Count,
        JObject members => members.Count,
        var text when Tokens.IsText(text) => CodePoints.Count(Tokens.Text(text)),
        var other => throw arguments.Refuse(0, "an array, an object or a string", Tokens.NameOf(other)),
    };

    private static JToken Reverse(FunctionArguments arguments) => arguments.Value(0) switch
    {
        JArray items => new JArray().AddRange(items.Reverse()),
        var text when Tokens.IsText(text) => CodePoints.Reverse(Tokens.Text(text)),
        var other => throw arguments.Refuse(0, "an array or a string", Tokens.NameOf(other)),
    };

    /// <summary>Merges objects; the last value of a name wins and replaces earlier ones entirely.</summary>
    private static JObject Merge(FunctionArguments arguments)
    {
        var merged = new JObject();
        for (var place = 0; place < arguments.Count; place++)
        {
            foreach (var member in arguments.Object(place).Properties())
                merged[member.Name] = member.Value;
        }

        return merged;
    }
}
