using System.Text.Json;
using JobPipeline.BuiltIn.Expressions;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests.Expressions;

/// <summary>Values that other JSON models round, sort or read differently.</summary>
public sealed class JmesPathValueTests
{
    private readonly JmesPathEvaluator _evaluator = new();

    [Theory]
    [InlineData("1234567890123456.78")]
    [InlineData("1e400")]
    [InlineData("-1E+400")]
    [InlineData("1e-400")]
    [InlineData("1e1000000000")]
    [InlineData("1e-99999999999999999999")]
    [InlineData("0.1000000000000000055511151231257827021181583404541015625")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("100.0")]
    [InlineData("2.50")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("0E5")]
    [InlineData("\"2012-01-01T00:00:00+02:00\"")]
    [InlineData("\"/Date(1325376000000)/\"")]
    [InlineData("\"\\ud800 and \\udc00\"")]
    [InlineData("\"\\ud83d\\ude00\"")]
    [InlineData("""{"__proto__":{"$type":"System.String, mscorlib"},"$ref":"1","$id":"2","$value":3.0,"":4}""")]
    [InlineData("""[null,true,false,[],{},"",[[1.10]]]""")]
    public void Evaluate_OfAnyValue_KeepsItsText(string json)
    {
        var document = JsonElement.Parse($$"""{ "a": {{json}}, "l": [{{json}}], "o": { "x": {{json}}, "y": [[{{json}}]] } }""");
        string[] ways =
        [
            "a", "l[0]", "l[*] | [0]", "o.x", "[a][0]", "{ z: a }.z", "o.y[0][0]", "l[?type(@) != 'x'] | [0]", "to_array(l)[0]",
            "not_null(`null`, a)", "reverse(l)[0]", "values({ z: a })[0]", "items({ z: a })[0][1]", "merge(o, { z: a }).z",
            "zip(l, l)[0][1]",
            "map(&@, l)[0]", "from_items([['z', a]]).z", "group_by([{ k: 'z', v: a }], &k).z[0].v", "l[0:1] | [0]", "l[::-1] | [0]",
            "let $v = a in $v", "$.a", "sort_by([{ k: 'z', v: a }], &k)[0].v", "max_by([{ k: `1`, v: a }], &k).v", $"`{json}`",
        ];
        foreach (var way in ways)
            Assert.Equal((way, Canonical(json)), (way, Canonical(_evaluator.Evaluate(way, document).GetRawText())));
    }

    [Theory]
    [InlineData("sort([3, 2.5, 2.4])", "[2.4,2.5,3]")]
    [InlineData("sort([2.5, 3, 2])", "[2,2.5,3]")]
    [InlineData("sort([4294967296, 2147483648, -1])", "[-1,2147483648,4294967296]")]
    [InlineData("sort([1e2, 99.99, 100.0, 1e-400, -1e400])", "[-1e400,1e-400,99.99,1e2,100.0]")]
    [InlineData("sort([9007199254740993, 9007199254740992.5, 9007199254740992])", "[9007199254740992,9007199254740992.5,9007199254740993]")]
    [InlineData("sort_by([{'n': 2.5}, {'n': 2}, {'n': 10}], &n)[*].n", "[2,2.5,10]")]
    [InlineData("sort_by([{'n': 2147483648}, {'n': 1.5}], &n)[*].n", "[1.5,2147483648]")]
    [InlineData("min([2, 1.5, 9223372036854775808])", "1.5")]
    [InlineData("max([2, 1.5, 9223372036854775808])", "9223372036854775808")]
    [InlineData("max(['a', '\ud83d\ude00', '\uff5e'])", "\"\ud83d\ude00\"")]
    [InlineData("min_by([{'n': 1.25}, {'n': 1}], &n).n", "1")]
    [InlineData("max_by([{'n': 9007199254740993}, {'n': 9007199254740992}], &n).n", "9007199254740993")]
    [InlineData("max_by([{'n': 'ada'}, {'n': 'bob'}], &n).n", "\"bob\"")]
    [InlineData("100.0 == 100", "true")]
    [InlineData("1e2 == 100.00", "true")]
    [InlineData("-0 == 0.0", "true")]
    [InlineData("0e99999999999999999999 == 0", "true")]
    [InlineData("9007199254740993 == 9007199254740992", "false")]
    [InlineData("9007199254740993 != 9007199254740992.0", "true")]
    [InlineData("0.1 == 0.1000000000000000055511151231257827", "false")]
    [InlineData("1e400 == 1e401", "false")]
    [InlineData("1e400 < 1e401", "true")]
    [InlineData("1e1000000000 > 1", "true")]
    [InlineData("-1e1000000000 < 1e-1000000000", "true")]
    [InlineData("9223372036854775807 < 9223372036854775808", "true")]
    [InlineData("2 >= 1.9999999999999999999999999", "true")]
    [InlineData("[1, {'a': 2.0}] == [1.0, {'a': 2}]", "true")]
    [InlineData("contains([1.0, 2], 1)", "true")]
    [InlineData("contains([9007199254740993], 9007199254740992)", "false")]
    [InlineData("sum([0.1, 0.2])", "0.3")]
    [InlineData("sum([9007199254740992, 1])", "9007199254740993")]
    [InlineData("sum([1e400, -1e400, 1])", "1")]
    [InlineData("sum([])", "0")]
    [InlineData("avg([0.1, 0.2])", "0.15")]
    [InlineData("avg([1, 1, 2])", "1.333333333333333333333333333333333")]
    [InlineData("avg([2, 2, 1])", "1.666666666666666666666666666666667")]
    [InlineData("avg([])", "null")]
    [InlineData("abs(-1e400)", "1e400")]
    [InlineData("abs(-2147483649)", "2147483649")]
    [InlineData("ceil(9007199254740992.5)", "9007199254740993")]
    [InlineData("ceil(-1.5)", "-1")]
    [InlineData("ceil(-0.5)", "0")]
    [InlineData("ceil(1e-400)", "1")]
    [InlineData("floor(-1.5)", "-2")]
    [InlineData("floor(-1e-400)", "-1")]
    [InlineData("floor(99999999999999999999.9)", "99999999999999999999")]
    [InlineData("floor(1e1000000000)", "1e+1000000000")]
    [InlineData("to_number('1234567890123456.78')", "1234567890123456.78")]
    [InlineData("to_number('1e400')", "1e400")]
    [InlineData("to_number('Infinity')", "null")]
    [InlineData("to_number('NaN')", "null")]
    [InlineData("to_number('0x10')", "null")]
    [InlineData("to_number('1,000')", "null")]
    [InlineData("to_number(' +007.50 ')", "7.50")]
    [InlineData("to_string(1234567890123456.78)", "\"1234567890123456.78\"")]
    [InlineData("to_string([1e400, 2.50, '\ud83d\ude00'])", "\"[1e400,2.50,\\\"\ud83d\ude00\\\"]\"")]
    [InlineData("to_string('2012-01-01T00:00:00Z')", "\"2012-01-01T00:00:00Z\"")]
    [InlineData("type(1e400)", "\"number\"")]
    [InlineData("length('\ud83d\udc69\u200d\ud83d\udc69')", "3")]
    [InlineData("reverse('a\ud83d\ude00b\u0301')", "\"\u0301b\ud83d\ude00a\"")]
    [InlineData("merge({'a': [1], 'b': {'x': 1}}, {'a': [2], 'b': {'y': 2}})", "{\"a\":[2],\"b\":{\"y\":2}}")]
    [InlineData("pad_left('7', 3.0, '0')", "\"007\"")]
    public void Evaluate_OverNumbers_ComparesByValueAndKeepsTheDigits(string call, string expected)
    {
        // As literals, and as members of a document.
        Assert.Equal(expected, Text(_evaluator.Evaluate(LiteralForm.Of(call), JsonElement.Parse("{}"))));
        var (expression, document) = LiteralForm.InDocument(call);
        Assert.Equal(expected, Text(_evaluator.Evaluate(expression, document)));
    }

    [Theory]
    [InlineData("`1` + `0.2`", "1.2")]
    [InlineData("`9007199254740992` + `1`", "9007199254740993")]
    [InlineData("`0.3` - `0.1`", "0.2")]
    [InlineData("`1e400` * `2`", "2e+400")]
    [InlineData("`0.1` * `3`", "0.3")]
    [InlineData("`1` / `8`", "0.125")]
    [InlineData("`2` / `3`", "0.6666666666666666666666666666666667")]
    [InlineData("`1` / `1e400`", "1e-400")]
    [InlineData("`7.5` % `2`", "1.5")]
    [InlineData("`-7` % `3`", "-1")]
    [InlineData("`99999999999999999999` // `10`", "9999999999999999999")]
    [InlineData("-`1e400`", "-1e400")]
    [InlineData("`1` + 'a'", "null")]
    [InlineData("`[1, 2.0, 3]`[?@ == `2`]", "[2.0]")]
    [InlineData("`[1, 2.0, 3]`[?@ > `1.5` && @ <= `2e0`] | [0]", "2.0")]
    [InlineData("`\"a \\` b\"`", "\"a ` b\"")]
    [InlineData("'\\\\'", "\"\\\\\\\\\"")]
    [InlineData("'a\\'b'", "\"a'b\"")]
    [InlineData("'\\d\\\\'", "\"\\\\d\\\\\\\\\"")]
    public void Evaluate_OfOperatorsAndLiterals_IsExact(string expression, string expected) =>
        Assert.Equal(expected, _evaluator.Evaluate(expression, JsonElement.Parse("{}")).GetRawText());

    [Theory]
    [InlineData("`1e1000000000` + `1`", "10000")]
    [InlineData("sum([`1e1000000000`, `1`])", "10000")]
    [InlineData("`1e99999999999999999999` > `1`", "exponent")]
    [InlineData("`1` / `0`", "zero")]
    [InlineData("`1` % `0.0`", "zero")]
    [InlineData("sort([`1`, 'a'])", "a number and a string")]
    [InlineData("sort([`true`, `false`])", "a boolean")]
    [InlineData("sum(['1'])", "an array of numbers")]
    [InlineData("sum(&a)", "got an expression")]
    [InlineData("sort_by([`1`], 'a')", "an expression")]
    [InlineData("a[99999999999]", "99999999999")]
    [InlineData("a[-99999999999]", "99999999999")]
    [InlineData("a[:99999999999]", "99999999999")]
    public void Evaluate_OfWhatCannotBeComputed_FailsWithTheReason(string expression, string why)
    {
        var document = JsonElement.Parse("""{ "a": [7, 8] }""");
        var thrown = Assert.Throws<WorkflowExpressionException>(() => _evaluator.Evaluate(expression, document));
        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfADeepValue_KeepsIt()
    {
        var json = string.Concat(new string('[', 256), "1.50", new string(']', 256));
        var document = JsonDocument.Parse($$"""{ "a": {{json}} }""", new JsonDocumentOptions { MaxDepth = 1000 }).RootElement;
        Assert.Equal(json, _evaluator.Evaluate("a", document).GetRawText());
        Assert.Equal($"[[{json}]]", _evaluator.Evaluate("[[a]]", document).GetRawText());
        Assert.Equal("true", _evaluator.Evaluate("a == a", document).GetRawText());
    }

    [Fact]
    public void Evaluate_OfATooDeepValue_FailsWithTheReason()
    {
        var json = string.Concat(new string('[', 5000), new string(']', 5000));
        var document = JsonDocument.Parse($$"""{ "a": {{json}} }""", new JsonDocumentOptions { MaxDepth = 6000 }).RootElement;
        var thrown = Assert.Throws<WorkflowExpressionException>(() => _evaluator.Evaluate("a", document));
        Assert.Contains("512 levels", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfDuplicateNames_UsesTheLastOne() =>
        Assert.Equal("2", _evaluator.Evaluate("a.b", JsonElement.Parse("""{ "a": { "b": 1, "b": 2 } }""")).GetRawText());

    [Fact]
    public async Task Evaluate_Concurrently_KeepsResultsApart()
    {
        var document = JsonElement.Parse("{}");
        var found = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(() =>
            (Given: $"{i}", Padded: _evaluator.Evaluate($"pad_left('{i}', `8`, '0')", document).GetString()!))));
        Assert.All(found, pair => Assert.Equal(pair.Given.PadLeft(8, '0'), pair.Padded));
    }

    private static string Canonical(string json) => json.Replace("\\ud83d\\ude00", "\ud83d\ude00", StringComparison.OrdinalIgnoreCase);

    private static string Text(JsonElement value) => value.GetRawText();
}
