using JobPipeline.Failures.Fingerprints;

namespace JobPipeline.Tests.Failures;

/// <summary>An error of the golden file.</summary>
internal sealed record SampleTrace(string Bug, string Job, string Type, string Message, string Stack)
{
    public string Group => ErrorFingerprint.Of(Job, Type, Message, Stack);

    public string Title => ErrorFingerprint.Title(Type, Message);
}

internal static class SampleTraces
{
    private const string Mark = "== ";

    public static IReadOnlyList<SampleTrace> All { get; } =
        Read(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "stack-traces.txt")));

    private static List<SampleTrace> Read(IReadOnlyList<string> lines)
    {
        var traces = new List<SampleTrace>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith(Mark, StringComparison.Ordinal))
                continue;
            var body = lines
                .Skip(i + 1)
                .TakeWhile(line => !line.StartsWith(Mark, StringComparison.Ordinal))
                .Where(line => line.Length > 0)
                .ToList();
            var stack = body.Skip(2).SkipWhile(line => !line.StartsWith(' ')).ToList();
            traces.Add(
                new SampleTrace(
                    lines[i][Mark.Length..],
                    body[0],
                    body[1],
                    string.Join('\n', body.Skip(2).Take(body.Count - 2 - stack.Count)),
                    string.Join('\n', stack)));
        }

        return traces;
    }
}
