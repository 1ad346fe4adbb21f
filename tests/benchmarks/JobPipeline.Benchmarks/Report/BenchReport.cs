using System.Text;

namespace JobPipeline.Benchmarks.Report;

/// <summary>Writes the findings as a Markdown table to the console and to <c>artifacts/bench.md</c>.</summary>
internal sealed class BenchReport
{
    private static readonly string File = Path.Combine("artifacts", "bench.md");
    private static readonly string[] Head = ["#", "measure", "ours", "compared", "ratio", "target", "met?"];

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

    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var table = Table();
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, table, cancellationToken);
        Console.WriteLine(
            $"\n{table}\nAlso in {File}. Compare only the ratios between machines: "
                + "all other figures depend on machine, load and emulator.");
    }

    private string Table()
    {
        var widths = Enumerable.Range(0, Head.Length).Select(column => _rows.Append(Head).Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in _rows.Prepend([.. widths.Select(width => new string('-', width))]).Prepend(Head))
            text.AppendLine($"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |");
        return text.ToString();
    }
}
