using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using JobPipeline.BuiltIn.Expressions;

namespace JobPipeline.BuiltIn.Tests.Expressions;

/// <summary>Mixed numbers compared with exact decimal arithmetic, with integer coefficients and powers of ten of any size.</summary>
public sealed class JmesPathPropertyTests
{
    private const int Scale = 60;

    private static readonly Gen<string> Digits = Gen.OneOf(Gen.Int[1, 4], Gen.Int[15, 20], Gen.Int[25, 40])
        .SelectMany(length => Gen.Char['0', '9'].Array[length])
        .Select(digits => new string(digits));

    private static readonly Gen<string> Whole = Gen.OneOf(
        Gen.Int[0, 12].Select(small => $"{small}"),
        Digits.Select(digits => digits.TrimStart('0') is { Length: > 0 } whole ? whole : "0"));

    private static readonly Gen<string> Fraction = Gen.OneOf(
        Gen.Const(""), Gen.Const(".0"), Gen.Const(".50"), Digits.Select(digits => $".{digits[..Math.Min(digits.Length, 20)]}"));

    private static readonly Gen<string> Exponent = Gen.OneOf(
        Gen.Const(""),
        Gen.Const("e0"),
        Gen.Int[-20, 20].Select(exponent => $"e{exponent}"),
        Gen.Int[0, 20].Select(exponent => $"E+{exponent:00}"));

    /// <summary>A JSON number in any form, often a small one, so that different forms have equal values.</summary>
    private static readonly Gen<string> Number = Gen.Select(
        Gen.Bool,
        Whole,
        Fraction,
        Exponent,
        (isNegative, whole, fraction, exponent) => $"{(isNegative ? "-" : "")}{whole}{fraction}{exponent}");

    private readonly JmesPathEvaluator _evaluator = new();

    [Fact]
    public void Sort_OfMixedNumbers_ComparesByValueAndKeepsEveryDigit() => Number.Array[0, 12].Sample(numbers =>
    {
        var expected = numbers.Select(text => (Text: text, Value: Value(text))).OrderBy(number => number.Value).ToList();
        Assert.Equal($"[{string.Join(',', expected.Select(number => number.Text))}]", Evaluate("sort(n)", numbers));
        Assert.Equal($"[{string.Join(',', expected.Select(number => number.Text))}]", Evaluate("sort_by(n[*].{ v: @ }, &v)[*].v", numbers));
        if (numbers.Length == 0)
            return;
        Assert.Equal(expected[0].Text, Evaluate("min(n)", numbers));
        Assert.Equal(expected[0].Text, Evaluate("min_by(n[*].[@], &[0])[0]", numbers));
        var largest = expected.First(number => number.Value == expected[^1].Value).Text;
        Assert.Equal(largest, Evaluate("max(n)", numbers));
        Assert.Equal(largest, Evaluate("max_by(n[*].[@], &[0])[0]", numbers));
    });

    [Fact]
    public void Sum_OfMixedNumbers_IsExact() => Number.Array[0, 12].Sample(numbers =>
        Assert.Equal(numbers.Aggregate(BigInteger.Zero, (sum, number) => sum + Value(number)), Value(Evaluate("sum(n)", numbers))));

    [Fact]
    public void Operators_BetweenTwoNumbers_CompareByValue() => Gen.Select(Number, Number).Sample((left, right) =>
    {
        var order = Value(left).CompareTo(Value(right));
        (string Sign, bool Holds)[] signs =
            [("==", order == 0), ("!=", order != 0), ("<", order < 0), ("<=", order <= 0), (">", order > 0), (">=", order >= 0)];
        foreach (var expression in new[] { "n[0] {0} n[1]", $"`{left}` {{0}} `{right}`", $"n[0] {{0}} `{right}`", "(n[0]) {0} (n[1])" })
        {
            foreach (var (sign, holds) in signs)
                Assert.Equal(holds ? "true" : "false", Evaluate(expression.Replace("{0}", sign, StringComparison.Ordinal), [left, right]));
        }

        Assert.Equal(order == 0 ? "true" : "false", Evaluate("contains([n[0]], n[1])", [left, right]));
        Assert.Equal(order == 0 ? "true" : "false", Evaluate("[{ a: n[0] }] == [{ a: n[1] }]", [left, right]));
    });

    [Fact]
    public void Numbers_PassedThrough_KeepTheirDigits() => Number.Array[1, 6].Sample(numbers =>
    {
        var literal = $"`[{string.Join(',', numbers)}]`";
        string[] ways = ["n", "n[*]", "n[?`true`]", "reverse(reverse(n))", "map(&@, n)", "n[].[@][]", literal, "values({ a: n })[0]"];
        foreach (var way in ways)
            Assert.Equal($"[{string.Join(',', numbers)}]", Evaluate(way, numbers));
        Assert.Equal(numbers[0], Evaluate("to_number(to_string(n[0]))", numbers));
        Assert.Equal($"\"[{string.Join(',', numbers)}]\"", Evaluate("to_string(n)", numbers));
    });

    [Fact]
    public void FloorAndCeil_OfANumber_AreTheWholeNumbersAroundIt() => Number.Sample(number =>
    {
        var unit = BigInteger.Pow(10, Scale);
        var value = Value(number);
        var (floor, ceil) = (Value(Evaluate("floor(n[0])", [number])), Value(Evaluate("ceil(n[0])", [number])));
        Assert.True(floor % unit == 0 && ceil % unit == 0 && floor <= value && value <= ceil);
        Assert.Equal(value % unit == 0 ? 0 : unit, ceil - floor);
        Assert.Equal(BigInteger.Abs(value), Value(Evaluate("abs(n[0])", [number])));
    });

    private string Evaluate(string expression, IEnumerable<string> numbers) =>
        _evaluator.Evaluate(expression, JsonElement.Parse($$"""{ "n": [{{string.Join(',', numbers)}}] }""")).GetRawText();

    /// <summary>Returns the number times 10^60, which is an integer.</summary>
    private static BigInteger Value(string text)
    {
        var parts = text.ToLowerInvariant().Split('e');
        var mantissa = parts[0].Split('.');
        var fraction = mantissa.Length > 1 ? mantissa[1] : "";
        var exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - fraction.Length;
        return BigInteger.Parse(mantissa[0] + fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, Scale + exponent);
    }
}
