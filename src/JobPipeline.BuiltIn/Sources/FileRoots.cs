using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>
/// Decides which files a payload may name. A path is judged twice: as it is written, and with every symbolic link on its
/// way resolved. Whoever can change links inside an allowed folder while a job opens a file could still race it, so an
/// allowed folder is one whose writers are trusted.
/// </summary>
internal sealed class FileRoots(IOptions<BuiltInOptions> options)
{
    private const string Setting = $"{BuiltInOptions.Section}:{nameof(BuiltInOptions.FileRoots)}";
    private static readonly StringComparison Comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly string[] _roots = [.. options.Value.FileRoots.Select(Path.GetFullPath)];

    /// <summary>The file, without any link on its way.</summary>
    /// <exception cref="JobRejectedException">Files are closed to jobs, the path leads out of the allowed folders, or nothing is there.</exception>
    public FileInfo Find(FilePath path)
    {
        if (_roots.Length == 0)
            throw new JobRejectedException($"Jobs may not read files. To allow it, list the folders they may read from in {Setting}.");
        var inside = _roots.Select(root => Path.GetFullPath(path.Value, root))
            .Where(candidate => IsInside(candidate, _roots)).Distinct(StringComparer.Ordinal).ToList();
        if (inside.Count == 0)
            throw Outside(path);
        var real = inside.ConvertAll(RealPath.Of);
        var realRoots = Array.ConvertAll(_roots, RealPath.Of);
        var allowed = real.FindAll(candidate => IsInside(candidate, realRoots));
        if (allowed.Count == 0)
            throw Outside(path);
        return allowed.Find(File.Exists) is { } found
            ? new FileInfo(found)
            : throw new JobRejectedException($"There is no file '{path}' in the folders of {Setting}.");
    }

    private static bool IsInside(string path, string[] roots) => Array.Exists(roots, root =>
        path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, Comparison));

    private static JobRejectedException Outside(FilePath path) =>
        new($"The path '{path}' leads out of the folders that jobs may read from. They are listed in {Setting}.");
}
