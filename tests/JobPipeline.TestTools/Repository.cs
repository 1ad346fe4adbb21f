namespace JobPipeline.TestTools;

/// <summary>The files of this repository, located from the test's output folder.</summary>
internal static class Repository
{
    private static readonly string[] Untracked =
    [
        "bin", "obj", "node_modules", ".git", ".azurite", ".azure", "artifacts", "TestResults", ".vs", ".idea",
        "BenchmarkDotNet.Artifacts",
    ];

    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Returns the repository's own files below a folder, as paths relative to the root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Walk(new DirectoryInfo(Path.Combine(Root, folder)), pattern)
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder, string pattern) =>
        folder
            .EnumerateFiles(pattern)
            .Concat(
                folder
                    .EnumerateDirectories()
                    .Where(d => !Untracked.Contains(d.Name, StringComparer.Ordinal))
                    .SelectMany(d => Walk(d, pattern)));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No Functions.sln above the test's output folder.");
    }
}
