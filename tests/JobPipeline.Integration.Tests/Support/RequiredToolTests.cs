namespace JobPipeline.Integration.Tests.Support;

public sealed class RequiredToolTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    [InlineData("True", true)]
    public void WhyNot_MissingProgram_NamesThePackageAndFailsOnlyInCi(string? ci, bool isFailure)
    {
        var missing = RequiredTool.WhyNot("promtool", AppContext.BaseDirectory, ci);

        Assert.Equal(isFailure, missing!.Value.IsFailure);
        Assert.StartsWith("'promtool' is not on the PATH. Install Prometheus", missing.Value.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "SkipException")]
    [InlineData("true", "FailException")]
    public void Require_MissingProgram_SkipsTheTestAndFailsItInCi(string? ci, string expected)
    {
        // Record.Exception would pass the skip on, and this test with it.
        Exception? thrown = null;
        try
        {
            RequiredTool.Require("promtool", AppContext.BaseDirectory, ci);
        }
        catch (Exception e)
        {
            thrown = e;
        }

        Assert.Equal(expected, thrown?.GetType().Name);
    }

    [Fact]
    public void WhyNot_ProgramInOneOfTheFolders_IsNull()
    {
        // Programs end in .exe on Windows; a test's own executable is next to it on every system.
        var program = Path.GetFileNameWithoutExtension(typeof(RequiredToolTests).Assembly.Location);

        Assert.Null(RequiredTool.WhyNot(program, $"/nowhere{Path.PathSeparator}{AppContext.BaseDirectory}", "true"));
    }
}
