using JobPipeline.BuiltIn.Sources;
using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Tests;

public sealed class FileRootsTests : IDisposable
{
    private readonly DirectoryInfo _base = Directory.CreateTempSubdirectory("roots-");

    public FileRootsTests()
    {
        foreach (var folder in new[] { "allowed/sub", "allowed-not", "second" })
            _base.CreateSubdirectory(folder);
        foreach (var file in new[] { "allowed/a.csv", "allowed/sub/b.csv", "allowed-not/secret", "second/c.csv", "secret" })
            File.WriteAllText(At(file), file);
        File.CreateSymbolicLink(At("allowed/inner-link"), At("allowed/a.csv"));
        File.CreateSymbolicLink(At("allowed/file-link"), At("secret"));
        File.CreateSymbolicLink(At("allowed/relative-link"), "../secret");
        File.CreateSymbolicLink(At("allowed/dangling-link"), At("nowhere"));
        File.CreateSymbolicLink(At("allowed/circle"), At("allowed/circle"));
        Directory.CreateSymbolicLink(At("allowed/folder-link"), At("allowed-not"));
        Directory.CreateSymbolicLink(At("linked-root"), At("second"));
    }

    public static TheoryData<string> Allowed() =>
        ["a.csv", "sub/b.csv", "sub/../a.csv", "./a.csv", "inner-link", "c.csv", "{base}/allowed/a.csv", "{base}/linked-root/c.csv"];

    public static TheoryData<string> Outside() =>
    [
        "../secret",
        "sub/../../secret",
        "../allowed-not/secret",
        "{base}/secret",
        "{base}/allowed-not/secret",
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "file-link", "relative-link", "dangling-link", "folder-link/secret", "folder-link/none", "..", ".",
    ];

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Find_PathInsideARoot_IsFound(string path) =>
        Assert.True(Roots(At("allowed"), At("linked-root")).Find(FilePath.Parse(Based(path))).Exists);

    [Theory]
    [MemberData(nameof(Outside))]
    public void Find_PathOutsideTheRoots_IsRejectedAndNamesTheSetting(string path)
    {
        var error = Assert.Throws<JobRejectedException>(() => Roots(At("allowed")).Find(FilePath.Parse(Based(path))));

        Assert.Contains("leads out of", error.Message, StringComparison.Ordinal);
        Assert.Contains("JobPipeline:BuiltIn:FileRoots", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.csv", "does not exist")]
    [InlineData("sub", "does not exist")]
    [InlineData("circle", "symbolic links")]
    public void Find_MissingFile_IsRejected(string path, string why) =>
        Assert.Contains(why, Refusal(Roots(At("allowed")), path), StringComparison.Ordinal);

    [Fact]
    public void Find_NoRoots_IsRejectedAndNamesTheSetting() =>
        Assert.Contains("JobPipeline:BuiltIn:FileRoots", Refusal(Roots(), At("secret")), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a\0.csv", "null character")]
    [InlineData("a\n.csv", "control character")]
    public void Parse_InvalidPath_StatesTheReason(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => FilePath.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_LoneSurrogate_IsRejected() => Assert.False(FilePath.TryParse("a\ud800.csv", out _));

    public void Dispose() => _base.Delete(recursive: true);

    private static string Refusal(FileRoots roots, string path) =>
        Assert.Throws<JobRejectedException>(() => roots.Find(FilePath.Parse(path))).Message;

    private static FileRoots Roots(params string[] roots) => new(Options.Create(new BuiltInOptions { FileRoots = roots }));

    private string At(string path) => Path.Combine(_base.FullName, path);

    private string Based(string path) => path.Replace("{base}", _base.FullName, StringComparison.Ordinal);
}
