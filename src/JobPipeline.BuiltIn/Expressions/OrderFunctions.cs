using DevLab.JmesPath.Utils;
using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Functions that sort values. Sorting is stable; of equal values, the first is the minimum or maximum.</summary>
internal static class OrderFunctions
{
    private static readonly Comparer<JToken> ByValue = Comparer<JToken>.Create(TokenComparison.Order);

    public static IEnumerable<ValueFunction> All { get; } =
    [
        new("sort", 1, arguments => Sort(arguments.Ordered(0))),
        new("sort_by", 2, arguments => Sort(arguments.OrderedBy(0, 1))),
        new("min", 1, arguments => First(arguments.Ordered(0), sign: 1)),
        new("min_by", 2, arguments => First(arguments.OrderedBy(0, 1), sign: 1)),
        new("max", 1, arguments => First(arguments.Ordered(0), sign: -1)),
        new("max_by", 2, arguments => First(arguments.OrderedBy(0, 1), sign: -1)),
    ];

    private static JArray Sort(IReadOnlyList<(JToken Item, JToken Key)> items) =>
        new JArray().AddRange(items.OrderBy(item => item.Key, ByValue).Select(item => item.Item));

    private static JToken First(IReadOnlyList<(JToken Item, JToken Key)> items, int sign)
    {
        if (items.Count == 0)
            return ValueFunction.Null;
        var first = items[0];
        foreach (var item in items)
        {
            if (TokenComparison.Order(item.Key, first.Key) * sign < 0)
                first = item;
        }

        return first.Item;
    }
}
