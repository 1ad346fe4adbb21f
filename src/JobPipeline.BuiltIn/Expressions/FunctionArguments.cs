using DevLab.JmesPath.Expressions;
using DevLab.JmesPath.Functions;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>What a function is called with, each taken as what the function needs.</summary>
/// <param name="name">The function.</param>
/// <param name="arguments">The arguments.</param>
internal sealed class FunctionArguments(string name, JmesPathFunctionArgument[] arguments)
{
    public int Count => arguments.Length;

    public JToken Value(int place) => arguments[place].Token ?? throw Refuse(place, "a value", "an expression");

    public ExactNumber Number(int place) =>
        Tokens.IsNumber(Value(place)) ? Tokens.Number(Value(place)) : throw Refuse(place, "a number", Tokens.NameOf(Value(place)));

    public JArray List(int place) => Value(place) as JArray ?? throw Refuse(place, "a list", Tokens.NameOf(Value(place)));

    public JObject Object(int place) => Value(place) as JObject ?? throw Refuse(place, "an object", Tokens.NameOf(Value(place)));

    public IReadOnlyList<ExactNumber> Numbers(int place)
    {
        var list = List(place);
        return list.FirstOrDefault(item => !Tokens.IsNumber(item)) is { } other
            ? throw Refuse(place, "a list of numbers", $"a list with {Tokens.NameOf(other)} in it")
            : [.. list.Select(Tokens.Number)];
    }

    /// <summary>The items of a list with what they are ordered by: numbers alone or texts alone.</summary>
    public IReadOnlyList<(JToken Item, JToken Key)> Ordered(int place) => Alike([.. List(place).Select(item => (item, item))]);

    /// <summary>The same, ordered by what an expression gives for each.</summary>
    public IReadOnlyList<(JToken Item, JToken Key)> OrderedBy(int place, int by)
    {
        var key = Expression(by);
        return Alike([.. List(place).Select(item => (item, key.Transform(item).AsJToken()))]);
    }

    public ExpressionValueException Refuse(int place, string expected, string found) =>
        new($"{name}() takes {expected} as its argument {place + 1}, not {found}");

    private JmesPathExpression Expression(int place) =>
        arguments[place].Expression ?? throw Refuse(place, "an expression such as &name", Tokens.NameOf(Value(place)));

    private List<(JToken Item, JToken Key)> Alike(List<(JToken Item, JToken Key)> items)
    {
        if (items.All(item => Tokens.IsNumber(item.Key)) || items.All(item => Tokens.IsText(item.Key)))
            return items;
        var kinds = string.Join(" and ", items.Select(item => Tokens.NameOf(item.Key)).Distinct(StringComparer.Ordinal));
        throw new ExpressionValueException($"{name}() orders numbers or texts, not {kinds}");
    }
}
