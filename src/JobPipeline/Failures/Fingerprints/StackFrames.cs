namespace JobPipeline.Failures.Fingerprints;

/// <summary>
/// Selects the frames of a stack trace that distinguish one bug from another: the topmost frames of the user's own code; if there are
/// none, those of libraries; if there are none either, all frames. Repeated frames (recursion, a lambda within its method) count
/// once.
/// </summary>
internal static class StackFrames
{
    /// <summary>The maximum number of frames.</summary>
    public const int MaxFrames = 5;

    private const int MaxLines = 500;

    /// <summary>Prefixes of frames that only pass a call on, and vary with the runtime's version and its optimisations.</summary>
    private static readonly string[] Plumbing =
    [
        "System.Runtime.", "System.Threading.Tasks.", "System.Threading.ExecutionContext.", "System.Threading.Thread",
        "System.Threading.PortableThreadPool",
        "System.Reflection.", "System.RuntimeMethodHandle.", "System.RuntimeType.", "System.Environment.", "System.Diagnostics.",
        "InvokeStub_", "DynamicClass.", "lambda_method", "Castle.",
    ];

    private static readonly string[] Libraries =
        ["System.", "Microsoft.", "Azure.", "Polly.", "JobPipeline.Execution.", "JobPipeline.Handlers."];

    private enum Rank
    {
        Plumbing,
        Library,
        OwnCode,
    }

    public static IReadOnlyList<string> Of(string? stack)
    {
        if (string.IsNullOrEmpty(stack))
            return [];
        for (var least = Rank.OwnCode; least > Rank.Plumbing; least--)
        {
            if (Collect(stack, least) is { Count: > 0 } frames)
                return frames;
        }

        return Collect(stack, Rank.Plumbing);
    }

    private static List<string> Collect(string stack, Rank least)
    {
        var frames = new List<string>(MaxFrames);
        var lines = 0;
        Span<char> buffer = stackalloc char[FrameName.MaxLength];
        foreach (var line in stack.AsSpan().EnumerateLines())
        {
            if (frames.Count == MaxFrames || ++lines > MaxLines)
                break;
            var name = FrameName.Read(line, buffer);
            if (!name.IsEmpty && RankOf(name) >= least && (frames.Count == 0 || !name.SequenceEqual(frames[^1])))
                frames.Add(name.ToString());
        }

        return frames;
    }

    private static Rank RankOf(ReadOnlySpan<char> frame)
    {
        if (StartsWithAny(frame, Plumbing))
            return Rank.Plumbing;
        if (!StartsWithAny(frame, Libraries))
            return Rank.OwnCode;
        // ThrowHelper.ThrowX, ArgumentNullException.Throw, ObjectDisposedException.ThrowIf: how it was thrown, not where.
        return frame[(frame.LastIndexOf('.') + 1)..].StartsWith("Throw", StringComparison.Ordinal) ? Rank.Plumbing : Rank.Library;
    }

    private static bool StartsWithAny(ReadOnlySpan<char> frame, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (frame.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
