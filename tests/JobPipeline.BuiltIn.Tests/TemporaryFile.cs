namespace JobPipeline.BuiltIn.Tests;

/// <summary>A temporary file in its own folder.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("import-");

    public TemporaryFile(string content) => Write(content);

    public string Root => _folder.FullName;

    public const string Name = "file.csv";

    public void Write(string content) => File.WriteAllText(Path.Combine(Root, Name), content);

    public void Dispose() => _folder.Delete(recursive: true);
}
