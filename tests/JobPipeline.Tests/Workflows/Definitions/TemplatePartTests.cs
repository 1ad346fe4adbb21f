using System.Text.Json;
using CsCheck;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class TemplatePartTests
{
    [Theory]
    [InlineData("${{ {a: {b: c}} }}", "{a: {b: c}}")]
    [InlineData("${{{a:{b:{c:d}}}}}", "{a:{b:{c:d}}}")]
    [InlineData("${{ '}}' }}", "'}}'")]
    [InlineData("${{ 'it\\'s }}' }}", "'it\\'s }}'")]
    [InlineData("${{ `{\"a\":{\"b\":{}}}` }}", "`{\"a\":{\"b\":{}}}`")]
    [InlineData("${{ `\"\\`}}\"` }}", "`\"\\`}}\"`")]
    [InlineData("${{ \"}}\".\"a\\\"}}\" }}", "\"}}\".\"a\\\"}}\"")]
    [InlineData("${{ '${{' }}", "'${{'")]
    [InlineData("${{ '{' }} and ${{ \"{{\" }}", "'{'|\"{{\"")]
    [InlineData("it's ${{ a }}, isn't it? ${{ b }}", "a|b")]
    [InlineData("}} ${{ a }} }}", "a")]
    public void Of_ExpressionWithBraces_EndsAfterThem(string text, string expressions)
    {
        Assert.False(TemplatePart.IsUnclosed(text));
        Assert.Equal(expressions.Split('|'), TemplatePart.Of(text).Where(part => part.IsExpression).Select(part => part.Text));
    }

    [Theory]
    [InlineData("${{ input.name")]
    [InlineData("${{ input.name }")]
    [InlineData("${{ input.name } }")]
    [InlineData("a ${{ input.name }} and ${{")]
    [InlineData("${{ 'never ends }}")]
    [InlineData("${{ {a: b }}")]
    [InlineData("${{ ${{ a")]
    public void IsUnclosed_ExpressionWithoutItsEnd_IsTrue(string text)
    {
        Assert.True(TemplatePart.IsUnclosed(text));
        Assert.Equal(text, string.Concat(TemplatePart.Of(text).Select(part => part.IsExpression ? $"${{{{ {part.Text} }}}}" : part.Text)));
    }

    [Theory]
    [InlineData("${{ '${{' }}", "${{")]
    [InlineData("write ${{ '${{ input.x }}' }} here", "write ${{ input.x }} here")]
    public void Fill_QuotedBraces_ReturnsTheBraces(string template, string filled) =>
        Assert.Equal(filled, Template.Fill(template, default, new QuoteEvaluator()).GetString());

    [Fact]
    public void Of_AnyQuotedText_IsOneExpression() => Gen.Char["ab{}$'\"`\\ "].Array[0, 20].Sample(chars =>
    {
        var text = new string(chars);
        var quoted = $"'{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
        var expected = new[] { new TemplatePart("<", false), new TemplatePart(quoted, true), new TemplatePart(">", false) };
        Assert.Equal(expected, TemplatePart.Of($"<${{{{{quoted}}}}}>"));
    });

    private sealed class QuoteEvaluator : IExpressionEvaluator
    {
        public string? Check(string expression) => null;

        public JsonElement Evaluate(string expression, JsonElement document) => JsonSerializer.SerializeToElement(expression.Trim('\''));
    }
}
