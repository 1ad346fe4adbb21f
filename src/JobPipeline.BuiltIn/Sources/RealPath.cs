using JobPipeline.Handlers;

namespace JobPipeline.BuiltIn.Sources;

/// <summary>Resolves all symbolic links of a path, including those of its folders.</summary>
internal static class RealPath
{
    // The limit of Linux.
    private const int MaxLinks = 40;

    /// <exception cref="JobRejectedException">The path has too many links, or a cycle of links.</exception>
    public static string Of(string fullPath)
    {
        var real = Path.GetPathRoot(fullPath)!;
        var left = new Stack<string>(Parts(fullPath));
        var links = 0;
        while (left.TryPop(out var part))
        {
            var next = Path.Join(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new JobRejectedException($"'{fullPath}' goes through more than {MaxLinks} symbolic links.");
            var resolved = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(resolved)!;
            foreach (var step in Parts(resolved))
                left.Push(step);
        }

        return real;
    }

    /// <summary>Returns the parts of a path in the order of a stack, the last one first.</summary>
    private static IEnumerable<string> Parts(string fullPath) =>
        fullPath[Path.GetPathRoot(fullPath)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .AsEnumerable().Reverse();
}
