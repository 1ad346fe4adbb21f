using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Equality and order by value: numbers by their exact value, strings by code points.</summary>
internal static class TokenComparison
{
    public static bool AreEqual(JToken left, JToken right)
    {
        if (Tokens.IsNumber(left) && Tokens.IsNumber(right))
            return ExactNumber.Compare(Tokens.Number(left), Tokens.Number(right)) == 0;
        return (left, right) switch
        {
            (JArray a, JArray b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
            (JObject a, JObject b) => a.Count == b.Count && a.Properties().All(member => IsIn(b, member)),
            (JValue a, JValue b) => a.Type == b.Type && Equals(a.Value, b.Value),
            _ => false,
        };
    }

    /// <summary>Compares two numbers or two strings.</summary>
    public static int Order(JToken left, JToken right) =>
        Tokens.IsNumber(left)
            ? ExactNumber.Compare(Tokens.Number(left), Tokens.Number(right))
            : CodePoints.Compare(Tokens.Text(left), Tokens.Text(right));

    /// <summary>Compares the operands of an operator; null if they have no order. Null sorts before every string.</summary>
    public static int? TryOrder(JToken left, JToken right)
    {
        if (Tokens.IsNumber(left) && Tokens.IsNumber(right))
            return Order(left, right);
        return IsTextOrNull(left) && IsTextOrNull(right) ? CodePoints.Compare(TextOrNull(left), TextOrNull(right)) : null;
    }

    private static bool IsIn(JObject members, JProperty member) => members[member.Name] is { } other && AreEqual(member.Value, other);

    private static string? TextOrNull(JToken token) => (string?)((JValue)token).Value;

    private static bool IsTextOrNull(JToken token) => token.Type is JTokenType.String or JTokenType.Null;
}
