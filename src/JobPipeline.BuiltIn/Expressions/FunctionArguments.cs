using DevLab.JmesPath.Expressions;
using DevLab.JmesPath.Functions;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>The arguments of a function call, with conversions to the required types.</summary>
/// <param name="name">The name of the function.</param>
/// <param name="arguments">The arguments.</param>
internal sealed class FunctionArguments(string name, JmesPathFunctionArgument[] arguments)
{
    public int Count => arguments.Length;

    public JToken Value(int place) => arguments[place].Token ?? throw Refuse(place, "a value", "an expression");

    public ExactNumber Number(int place) =>
        Tokens.IsNumber(Value(place)) ? Tokens.Number(Value(place)) : throw Refuse(place, "a number", Tokens.NameOf(Value(place)));

    public JArray List(int place) => Value(place) as JArray ?? throw Refuse(place, "an array", Tokens.NameOf(Value(place)));

    public JObject Object(int place) => Value(place) as JObject ?? throw Refuse(place, "an object", Tokens.NameOf(Value(place)));

    public IReadOnlyList<ExactNumber> Numbers(int place)
    {
        var list = List(place);
        return list.FirstOrDefault(item => !Tokens.IsNumber(item)) is { } other
            ? throw Refuse(place, "an array of numbers", $"an array that contains {Tokens.NameOf(other)}")
            : [.. list.Select(Tokens.Number)];
    }

    /// <summary>Returns the items of an array with their sort keys, which must be all numbers or all strings.</summary>
    public IReadOnlyList<(JToken Item, JToken Key)> Ordered(int place) => Alike([.. List(place).Select(item => (item, item))]);

    /// <summary>Returns the items of an array with the sort keys that an expression yields for them.</summary>
    public IReadOnlyList<(JToken Item, JToken Key)> OrderedBy(int place, int by)
    {
        var key = Expression(by);
        return Alike([.. List(place).Select(item => (item, key.Transform(item).AsJToken()))]);
    }

    public ExpressionValueException Refuse(int place, string expected, string found) =>
        new($"{name}() requires {expected} as argument {place + 1}, got {found}");

    private JmesPathExpression Expression(int place) =>
        arguments[place].Expression ?? throw Refuse(place, "an expression such as &name", Tokens.NameOf(Value(place)));

    private List<(JToken Item, JToken Key)> Alike(List<(JToken Item, JToken Key)> items)
    {
        if (items.All(item => Tokens.IsNumber(item.Key)) || items.All(item => Tokens.IsText(item.Key)))
            return items;
        var kinds = string.Join(" and ", items.Select(item => Tokens.NameOf(item.Key)).Distinct(StringComparer.Ordinal));
        throw new ExpressionValueException($"{name}() sorts numbers or strings, got {kinds}");
    }
}
