using Newtonsoft.Json.Linq;

namespace JobPipeline.BuiltIn.Expressions;

/// <summary>Functions that take or return numbers.</summary>
internal static class NumberFunctions
{
    private static readonly ExactNumber Zero = new("0");

    public static IEnumerable<ValueFunction> All { get; } =
    [
        new("abs", 1, arguments => Tokens.Of(ExactMath.Abs(arguments.Number(0)))),
        new("ceil", 1, arguments => Tokens.Of(ExactMath.Ceiling(arguments.Number(0)))),
        new("floor", 1, arguments => Tokens.Of(ExactMath.Floor(arguments.Number(0)))),
        new("sum", 1, arguments => Tokens.Of(Sum(arguments.Numbers(0)))),
        new("avg", 1, arguments => Average(arguments.Numbers(0))),
        new("to_number", 1, arguments => ToNumber(arguments.Value(0))),
    ];

    private static ExactNumber Sum(IReadOnlyList<ExactNumber> numbers) =>
        numbers.Count == 1 ? numbers[0] : numbers.Aggregate(Zero, ExactMath.Add);

    private static JToken Average(IReadOnlyList<ExactNumber> numbers) =>
        numbers.Count == 0 ? ValueFunction.Null : Tokens.Of(ExactMath.Divide(Sum(numbers), new ExactNumber($"{numbers.Count}")));

    private static JToken ToNumber(JToken value) =>
        Tokens.IsNumber(value) ? value
        : Tokens.IsText(value) && NumberReader.Read(Tokens.Text(value)) is { } number ? Tokens.Of(number)
        : ValueFunction.Null;
}
