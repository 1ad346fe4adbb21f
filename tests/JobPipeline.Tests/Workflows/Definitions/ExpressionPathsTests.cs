using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class ExpressionPathsTests
{
    [Theory]
    [InlineData("input", "input")]
    [InlineData("inpt.x", "inpt.x")]
    [InlineData("steps.a.output[0].x", "steps.a.output")]
    [InlineData("steps.\"a\".output", "steps.a.output")]
    [InlineData("\"st\\u0065ps\".a", "steps.a")]
    [InlineData("[item, index, nothing]", "item index nothing")]
    [InlineData("{ x: item, input: other.y, 'no': z }", "item other.y z")]
    [InlineData("input.list[?name == inpt.y && steps].x", "input.list")]
    [InlineData("input.list[*].inpt", "input.list")]
    [InlineData("input.list[].{ a: b, c: [d] }", "input.list")]
    [InlineData("input.{ a: b }", "input")]
    [InlineData("input.[a, b]", "input")]
    [InlineData("input.length(name)", "input")]
    [InlineData("input | inpt.x | length(y)", "input")]
    [InlineData("{ a: input | inpt, b: other }", "input other")]
    [InlineData("[(input | inpt), other]", "input other")]
    [InlineData("length(inpt)", "inpt")]
    [InlineData("sort_by(input.l, &inpt.x)[0].y", "input.l")]
    [InlineData("map(&inpt, input.l) || other", "input.l other")]
    [InlineData("max([item, instance.id])", "item instance.id")]
    [InlineData("a == b || !c && (d > e)", "a b c d e")]
    [InlineData("a + b * c - `1`", "a b c")]
    [InlineData("@.steps.b.output", "steps.b.output")]
    [InlineData("input.l[?x == $.steps.b.output]", "input.l steps.b.output")]
    [InlineData("input.l[?@ == 'x']", "input.l")]
    [InlineData("let $x = input.a in $x.b || inpt", "input.a inpt")]
    [InlineData("in.x", "in.x")]
    [InlineData("steps.*.output", "steps")]
    [InlineData("'inpt.x' == `\"steps.y\"`", "")]
    [InlineData("'it\\'s inpt' == item", "item")]
    [InlineData("@", "*")]
    [InlineData("keys($)", "*")]
    [InlineData("*.x", "*")]
    [InlineData("", "")]
    [InlineData("((", "")]
    [InlineData("a.", "a")]
    [InlineData("'open inpt", "")]
    [InlineData("\"open", "open")]
    public void Of_Expression_ReturnsThePathsThatItReads(string expression, string paths)
    {
        var expected = paths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(path => path == "*" ? "" : path);
        Assert.Equal(expected, ExpressionPaths.Of(expression).Select(path => string.Join('.', path)));
    }
}
