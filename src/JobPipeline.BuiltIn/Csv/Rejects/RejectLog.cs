using System.Text;
using CsvHelper;

namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>
/// Collects rejected lines as CSV (<c>line,reason,text</c>) and appends them to the blob. Each ends up there exactly once:
/// what is appended, and where, follows from the last checkpoint alone, and the blob takes it at that place only. A few
/// wait in the checkpoint, because an append blob takes 50,000 appends and a file may have more batches than that.
/// </summary>
internal sealed class RejectLog(RejectBlob blob, RejectLogState state)
{
    // As JSON a character takes six bytes at worst, and a checkpoint 48 KiB.
    private const int MaxPendingChars = 4 * 1024;
    private static readonly CsvWriterOptions Format = new();

    public RejectLogState State { get; private set; } = state;

    public Task AddAsync(IEnumerable<RejectedLine> lines, CancellationToken cancellationToken)
    {
        var pending = State.Pending + ToCsv(lines.Select(line => (string[])[$"{line.Line}", line.Reason, line.Text]));
        State = State with { Pending = pending };
        return pending.Length > MaxPendingChars ? FlushAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Appends what waits.</summary>
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
