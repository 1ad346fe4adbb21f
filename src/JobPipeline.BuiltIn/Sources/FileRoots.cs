using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>
/// Decides which files a payload may name. A path is checked twice: as written, and with all symbolic links on the path resolved. A process
/// that can change links inside an allowed folder could still race a job that opens a file, so allow only folders with trusted writers.
/// </summary>
internal sealed class FileRoots(IOptions<BuiltInOptions> options)
{
    private const string Setting = $"{BuiltInOptions.Section}:{nameof(BuiltInOptions.FileRoots)}";
    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly string[] _roots = [.. options.Value.FileRoots.Select(Path.GetFullPath)];

    /// <summary>Finds a file and returns it with all symbolic links resolved.</summary>
    /// <exception cref="JobRejectedException">
    /// Jobs may not read files, the path leads out of the allowed folders, or the file does not exist.
    /// </exception>
    public FileInfo Find(FilePath path)
    {
        if (_roots.Length == 0)
            throw new JobRejectedException($"Jobs may not read files. To allow it, list the readable folders in {Setting}.");
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
            : throw new JobRejectedException($"File '{path}' does not exist in the folders of {Setting}.");
    }

    private static bool IsInside(string path, string[] roots) => Array.Exists(roots, root =>
        path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, Comparison));

    private static JobRejectedException Outside(FilePath path) =>
        new($"The path '{path}' leads out of the folders that jobs may read, which are listed in {Setting}.");
}
