using System.Text;
using JobPipeline.BuiltIn.Csv.Reading;
using JobPipeline.BuiltIn.Csv.Rejects;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>The lines between two checkpoints. Its end depends on the lines alone, and its memory is bounded.</summary>
internal sealed class ImportBatch(RowBuilder builder, int size)
{
    // A transaction is limited to 4 MiB; the last row of a batch may take almost 3 MiB.
    private const int MaxRowBytes = 1024 * 1024;
    private const int MaxRejectBytes = 1024 * 1024;
    private const int MaxRejects = 1000;

    private readonly List<ImportRow> _rows = [];
    private readonly List<RejectedLine> _rejects = [];
    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    private int _rowBytes;
    private int _rejectBytes;

    public IReadOnlyList<ImportRow> Rows => _rows;

    public IReadOnlyList<RejectedLine> Rejects => _rejects;

    public bool IsFull =>
        _rows.Count >= size || _rowBytes >= MaxRowBytes || _rejects.Count >= MaxRejects || _rejectBytes >= MaxRejectBytes;

    public void Add(CsvRecord record)
    {
        if (!builder.TryBuild(record, out var row, out var why))
            Reject(new RejectedLine(record.Line, why, Encoding.UTF8.GetString(record.Bytes.Span)));
        else if (_lines.TryGetValue(row.Entity.RowKey, out var earlier))
            Reject(row.AsDuplicateOf(earlier));
        else
            Accept(row);
    }

    private void Accept(ImportRow row)
    {
        _lines.Add(row.Entity.RowKey, row.Line);
        _rows.Add(row);
        _rowBytes += row.WireBytes;
    }

    private void Reject(RejectedLine line)
    {
        _rejects.Add(line);
        _rejectBytes += line.Text.Length + line.Reason.Length;
    }
}
