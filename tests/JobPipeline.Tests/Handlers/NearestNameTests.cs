using JobPipeline.Jobs;

namespace JobPipeline.Tests.Handlers;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["csv.import", "csv.export", "http.request", "mail"];

    [Theory]
    [InlineData("csv.imprt", "csv.import")]
    [InlineData("CSV.IMPORT", "csv.import")]
    [InlineData("csv.exports", "csv.export")]
    [InlineData("request", null)]
    [InlineData("http-request", "http.request")]
    [InlineData("mial", "mail")]
    [InlineData("m", null)]
    [InlineData("something.else", null)]
    [InlineData("", null)]
    public void Hint_WrongName_SuggestsTheNearestIfThereIsOne(string name, string? nearest) =>
        Assert.Equal(nearest is null ? "" : $"; did you mean '{nearest}'?", NearestName.Hint(name, Names));

    [Theory]
    [InlineData("'a' is unknown; did you mean 'b'?", "'a' is unknown")]
    [InlineData("'a' is unknown", "'a' is unknown")]
    [InlineData("; did you mean 'b'? c", "; did you mean 'b'? c")]
    [InlineData("'a'?", "'a'?")]
    [InlineData("", "")]
    public void WithoutHint_AnyText_RemovesOnlyTheSuggestionAtItsEnd(string text, string left) =>
        Assert.Equal(left, NearestName.WithoutHint(text));

    [Fact]
    public void Hint_TwoEquallyNearNames_IsDeterministic() => Assert.Equal("; did you mean 'aa'?", NearestName.Hint("ac", ["ab", "aa"]));

    [Fact]
    public void Hint_VeryLongName_IsEmpty() => Assert.Equal("", NearestName.Hint(new string('a', 100_000), Names));

    [Fact]
    public void Hint_WithoutCandidates_IsEmpty() => Assert.Equal("", NearestName.Hint("a", []));
}
