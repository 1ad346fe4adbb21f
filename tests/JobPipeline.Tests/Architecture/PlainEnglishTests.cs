namespace JobPipeline.Tests.Architecture;

/// <summary>Comments and messages use the words of the glossary in CONTRIBUTING.</summary>
public sealed class PlainEnglishTests
{
    [Fact]
    public void Sources_InCommentsAndMessages_UseTheGlossarysWords() =>
        Assert.Empty(Repository.Files("src", "*.cs").SelectMany(file => PlainEnglish.Violations(file, Repository.Read(file))));

    [Theory]
    [InlineData("/// <summary>Tells whoever asks.</summary>")]
    [InlineData("// It waits in its lane.")]
    [InlineData("[LoggerMessage(1, LogLevel.Information, \"Message {Id} was worked off\")]")]
    [InlineData("string Text => $\"job {Id} was called off\";")]
    [InlineData("string Text => \"\"\"a wish of the caller\"\"\";")]
    public void Violations_OfAPlantedSample_AreFound(string line) =>
        Assert.Single(PlainEnglish.Violations("Planted.cs", $"class Planted {{\n{line}\nint x; }}"));

    [Theory]
    [InlineData("/// <summary>Writes the heartbeat of this instance (<c>lane</c>).</summary>")]
    [InlineData("// A dead letter is kept until it is replayed.")]
    [InlineData("string Name => \"lane\";")]
    [InlineData("string Text => $\"queue {lane} does not exist\";")]
    public void Violations_OfPlainEnglishAndOfCode_AreNone(string line) =>
        Assert.Empty(PlainEnglish.Violations("Fine.cs", $"class Fine {{\n{line}\nint x; }}"));
}
