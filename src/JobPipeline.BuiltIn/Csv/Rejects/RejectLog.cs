using System.Text;
using CsvHelper;

namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>
/// Collects rejected lines as CSV (<c>line,reason,text</c>) and appends them to the blob. Each line is written exactly once: the
/// content and position of an append follow from the last checkpoint, and the blob accepts the append only at that position. Some
/// lines are kept in the checkpoint, because an append blob is limited to 50,000 appends and a file may have more batches.
/// </summary>
internal sealed class RejectLog(RejectBlob blob, RejectLogState state)
{
    // A character takes at most six bytes in JSON, and a checkpoint is limited to 48 KiB.
    private const int MaxPendingChars = 4 * 1024;
    private static readonly CsvWriterOptions Format = new();

    public RejectLogState State { get; private set; } = state;

    public Task AddAsync(IEnumerable<RejectedLine> lines, CancellationToken cancellationToken)
    {
        var pending = State.Pending + ToCsv(lines.Select(line => (string[])[$"{line.Line}", line.Reason, line.Text]));
        State = State with { Pending = pending };
        return pending.Length > MaxPendingChars ? FlushAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Appends the pending lines.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (State.Pending.Length == 0)
            return;
        var isFirst = State.Written == 0;
        if (isFirst)
            await blob.CreateAsync(cancellationToken);
        var content = Encoding.UTF8.GetBytes(isFirst ? ToCsv([["line", "reason", "text"]]) + State.Pending : State.Pending);
        await blob.AppendAsync(State.Written, content, cancellationToken);
        State = new RejectLogState(State.Written + content.Length, "");
    }

    private static string ToCsv(IEnumerable<string[]> records)
    {
        using var text = new StringWriter();
        using (var writer = CsvWriter.Create(text, Format, leaveOpen: true))
        {
            foreach (var record in records)
                writer.WriteRecord(record);
        }

        return text.ToString();
    }
}
