using System.Text.Json;
using DevLab.JmesPath;
using JobPipeline.BuiltIn.Expressions;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Tests.Expressions;

public sealed class JmesPathEvaluatorTests
{
    private const string Document = """
        {
          "input": { "a": [1, { "b": 2.50 }], "when": "2012-01-01T00:00:00Z" }, "item": "x", "index": 3, "odd name": true,
          "steps": { "one": { "output": [{ "n": 1 }, { "n": 2 }] } }
        }
        """;

    /// <summary>The evaluator passes an expression only the parts that it refers to; the result must be the same.</summary>
    [Theory]
    [InlineData("item")]
    [InlineData("input.a[1].b")]
    [InlineData("input.when")]
    [InlineData("steps.one.output[*].n")]
    [InlineData("steps.*.output[0].n")]
    [InlineData("[item, index, nothing]")]
    [InlineData("{ x: item, y: input.a[0] }")]
    [InlineData("sum(steps.one.output[*].n)")]
    [InlineData("keys(@)")]
    [InlineData("length(*)")]
    [InlineData("* | [0]")]
    [InlineData("\"odd name\"")]
    [InlineData("\"inp\\u0075t\".a[0]")]
    [InlineData("nothing || `0`")]
    [InlineData("steps.one.output[?n > `1`].n | [0]")]
    [InlineData("sort_by(steps.one.output, &n)[1].n")]
    public void Evaluate_OfAnExpression_MatchesTheWholeDocument(string expression)
    {
        var whole = JsonElement.Parse(new JmesPath().Transform(Document, expression));
        Assert.True(JsonElement.DeepEquals(whole, new JmesPathEvaluator().Evaluate(expression, JsonElement.Parse(Document))));
    }

    [Fact]
    public void Evaluate_OfATime_KeepsItsText() =>
        Assert.Equal("2012-01-01T00:00:00Z", new JmesPathEvaluator().Evaluate("input.when", JsonElement.Parse(Document)).GetString());

    [Fact]
    public void Evaluate_OfAnInvalidExpression_StatesTheReason()
    {
        var thrown = Assert.Throws<WorkflowExpressionException>(
            () => new JmesPathEvaluator().Evaluate("sum(item)", JsonElement.Parse(Document)));
        Assert.Contains("'sum(item)'", thrown.Message, StringComparison.Ordinal);
    }
}
