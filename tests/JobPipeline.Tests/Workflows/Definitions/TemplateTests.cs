using System.Text.Json;
using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Tests.Workflows.Definitions;

public sealed class TemplateTests
{
    private static readonly JsonElement Document = JsonElement.Parse(
        """{ "n": 3, "s": "ada", "l": [1, "x"], "o": {"k":true}, "t": "${{ n }}" }""");

    [Theory]
    [InlineData("""  "${{ n }}"  """, "3")]
    [InlineData("""  "${{n}}"  """, "3")]
    [InlineData("""  "${{ l }}"  """, """[1,"x"]""")]
    [InlineData("""  "${{ nobody }}"  """, "null")]
    [InlineData("""  "n=${{ n }}, s=${{ s }}, o=${{ o }}, -=${{ nobody }}."  """, """  "n=3, s=ada, o={\u0022k\u0022:true}, -=."  """)]
    [InlineData("""  "${{ s }}${{ s }}"  """, """  "adaada"  """)]
    [InlineData("""  "open ${{ s"  """, """  "open ${{ s"  """)]
    [InlineData("""  "closed }} ${{ s }}"  """, """  "closed }} ada"  """)]
    [InlineData("""  "${{ t }}"  """, """  "${{ n }}"  """)]
    [InlineData(
        """  { "a": ["${{ n }}", { "b": "${{ s }}!" }], "${{ n }}": null, "c": 1.50, "d": false }  """,
        """{"a":[3,{"b":"ada!"}],"${{ n }}":null,"c":1.50,"d":false}""")]
    public void Fill_Template_ReplacesExpressionsByValuesOrText(string template, string filled) =>
        Assert.True(
            JsonElement.DeepEquals(JsonElement.Parse(filled), Template.Fill(JsonElement.Parse(template), Document, new BracketEvaluator()))
        );

    [Fact]
    public void Fill_UndefinedTemplate_IsUndefined() =>
        Assert.Equal(JsonValueKind.Undefined, Template.Fill(default(JsonElement), Document, new BracketEvaluator()).ValueKind);

    [Fact]
    public void Expressions_OfATemplate_HaveTheirPaths() => Assert.Equal(
        [("a[0]", "n"), ("a[1].b", "s"), ("a[1].b", "t")],
        Template.Expressions(JsonElement.Parse("""{ "a": ["${{ n }}", { "b": "${{ s }} ${{t}}" }], "c": "none" }""")));
}
