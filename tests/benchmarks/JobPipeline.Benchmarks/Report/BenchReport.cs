using System.Text;

namespace JobPipeline.Benchmarks.Report;

/// <summary>Writes the findings as a Markdown table to the console and to <c>artifacts/bench.md</c>.</summary>
/// <param name="machine">The machine and the kind of run.</param>
internal sealed class BenchReport(string machine)
{
    private static readonly string File = Path.Combine("artifacts", "bench.md");
    private static readonly string[] Head = ["#", "Measure", "Ours", "Baseline", "Ratio", "Target", "Met"];

    private readonly List<string[]> _rows = [];

    public void Add(int number, IEnumerable<Finding> findings) => _rows.AddRange(findings.Select(finding => new[]
    {
        $"{number}",
        finding.Measure,
        finding.Ours,
        finding.Beside,
        finding.Ratio,
        finding.Target ?? "",
        finding.Target is null ? "" : finding.IsMet ? "yes" : "no",
    }));

    /// <summary>Writes the file, with the findings so far.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, $"{machine}\n\n{Table()}", cancellationToken);
    }

    public void Print() => Console.WriteLine(
        $"\n{Table()}\n{machine}\nAlso in {File}. Compare only the ratios between machines: "
            + "all other figures depend on machine, load and emulator.");

    private string Table()
    {
        var widths = Enumerable.Range(0, Head.Length).Select(column => _rows.Append(Head).Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows.Prepend([.. widths.Select(width => new string('-', width))]).Prepend(Head))
            text.AppendLine($"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |");
        return text.ToString();
    }
}
