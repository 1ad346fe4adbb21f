using System.Text.Json;
using CsCheck;
using JobPipeline.BuiltIn.Expressions;

namespace JobPipeline.BuiltIn.Tests.Expressions;

public sealed class PlainPathTests
{
    private static readonly string[] Names = ["a", "b", "length", "_1"];

    private static readonly string[] Leaves =
    [
        "null", "true", "false", "0", "-0", "1.0", "1e400", "1234567890123456.78", "\"\"", "\"2026-11-24T09:00:00Z\"",
        "\"sp\\u00e4t\"", "\"\\ud83d\\ude00\"", "\"\\\"\\\\\\n\"",
    ];

    private static readonly Gen<string> Name = AnyOf(Names);
    private static readonly Gen<string> Leaf = AnyOf(Leaves);

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 3 ? Leaf : Gen.OneOf(
        Leaf,
        inner.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]"),
        Gen.Select(Name, inner).Array[0, 4].Select(members => members.DistinctBy(member => member.Item1))
            .Select(members => $"{{ {string.Join(", ", members.Select(member => $"\"{member.Item1}\": {member.Item2}"))} }}")));

    private readonly JmesPathEvaluator _evaluator = new();

    [Theory]
    [InlineData("item", true)]
    [InlineData("steps.a_1.output", true)]
    [InlineData("", false)]
    [InlineData("a.", false)]
    [InlineData("1a", false)]
    [InlineData(" a", false)]
    [InlineData("a[0]", false)]
    [InlineData("a.*", false)]
    [InlineData("\"a\"", false)]
    [InlineData("ä", false)]
    [InlineData("length(a)", false)]
    [InlineData("@", false)]
    public void TryFind_OfAnExpression_TakesNamesJoinedByDots(string expression, bool isPlain) =>
        Assert.Equal(isPlain, PlainPath.TryFind(expression, JsonElement.Parse("{}"), out _));

    [Fact]
    public void Evaluate_OfAPlainPath_IsWhatTheLibraryReturns() =>
        Gen.Select(Json, Name.Array[1, 3]).Sample(
            (json, names) =>
            {
                var (document, path) = (JsonElement.Parse(json), string.Join('.', names));
                // The space makes it an expression for the library.
                Assert.Equal(Written(_evaluator.Evaluate(path + " ", document)), Written(_evaluator.Evaluate(path, document)));
            },
            iter: 20_000,
            threads: 1);

    private static Gen<string> AnyOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Written(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            value.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
