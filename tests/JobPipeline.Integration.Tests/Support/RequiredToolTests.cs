namespace JobPipeline.Integration.Tests.Support;

public sealed class RequiredToolTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("false")]
    public void Require_ProgramThatIsNotThere_SkipsWithWhatToInstall(string? ci)
    {
        var skipped = Assert.ThrowsAny<Exception>(() => RequiredTool.Require("promtool", AppContext.BaseDirectory, ci));

        Assert.StartsWith("$XunitDynamicSkip$", skipped.Message, StringComparison.Ordinal);
        Assert.Contains("'promtool' is not on the PATH. Install Prometheus", skipped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    public void Require_ProgramThatIsNotThereInCi_Fails(string ci)
    {
        var failed = Assert.ThrowsAny<Exception>(() => RequiredTool.Require("promtool", null, ci));

        Assert.StartsWith("'promtool' is not on the PATH", failed.Message, StringComparison.Ordinal);
        Assert.Contains("With CI=true no test may be left out", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_ProgramInOneOfTheFolders_GoesOn()
    {
        // Programs end in .exe on Windows, and a test's own executable is beside it everywhere.
        var program = Path.GetFileNameWithoutExtension(typeof(RequiredToolTests).Assembly.Location);

        RequiredTool.Require(program, $"/nowhere{Path.PathSeparator}{AppContext.BaseDirectory}", "true");
    }
}
