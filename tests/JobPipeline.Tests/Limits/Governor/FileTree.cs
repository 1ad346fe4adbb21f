namespace JobPipeline.Tests.Limits.Governor;

/// <summary>A root directory with the files that a test gives it.</summary>
internal sealed class FileTree : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("jobpipeline-");

    public string Root => _root.FullName;

    public FileTree With(string path, string content)
    {
        var file = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return this;
    }

    /// <summary>A file as the kernel wrote it.</summary>
    public FileTree WithRecorded(string path, string recording) =>
        With(path, Repository.Read($"tests/JobPipeline.Tests/Limits/Governor/Files/{recording}"));

    public void Dispose() => _root.Delete(recursive: true);
}
