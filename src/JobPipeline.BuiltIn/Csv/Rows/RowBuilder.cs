using System.Diagnostics.CodeAnalysis;
using Azure.Data.Tables;
using JobPipeline.BuiltIn.Csv.Reading;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>Builds the row of a record, or gives the reason for rejecting it.</summary>
internal sealed class RowBuilder(ImportPlan plan, CsvFields fields)
{
    private const int MaxShownChars = 40;

    // A property holds at most 64 KiB of UTF-16; an entity at most 1 MiB, including the service's overhead.
    private const int MaxStringChars = 32 * 1024;
    private const int MaxEntityBytes = 900 * 1024;

    // A character takes at most six bytes in JSON ("\u0000") and nine in a URL; keys appear in both.
    private const int BytesPerChar = 6;
    private const int BytesPerKeyChar = 15;
    private const int BytesPerProperty = 64;
    private const int BytesPerRow = 1024;

    public bool TryBuild(CsvRecord record, [NotNullWhen(true)] out ImportRow? row, [NotNullWhen(false)] out string? why)
    {
        row = null;
        if (record.Defect is { } defect)
        {
            why = defect;
            return false;
        }

        var cells = fields.Split(record.Bytes);
        if (cells.Length != plan.Columns.Count)
        {
            why = $"{cells.Length} {(cells.Length == 1 ? "field" : "fields")} instead of {plan.Columns.Count}";
            return false;
        }

        var entity = new TableEntity { PartitionKey = plan.Partition };
        var chars = cells.Sum(cell => cell.Length) + plan.Columns.Sum(column => column.Property.Length);
        why = SetKey(entity, record.Line, cells) ?? SetProperties(entity, cells) ?? TooLarge(chars);
        if (why is not null)
            return false;
        if (plan.HasKeyColumns)
        {
            entity[PropertyName.Job] = plan.Job.ToString();
            entity[PropertyName.Line] = record.Line;
        }

        row = new ImportRow(record.Line, entity, WireBytes(entity, chars), plan.HasKeyColumns ? record.Bytes.ToArray() : []);
        return true;
    }

    private string? SetKey(TableEntity entity, long line, string[] cells)
    {
        entity.RowKey = plan.HasKeyColumns ? TableKey.Of([.. plan.KeyIndexes.Select(index => cells[index])]) : TableKey.OfLine(line);
        return entity.RowKey.Length > TableKey.MaxLength
            ? $"the row key has {entity.RowKey.Length} characters; the maximum is {TableKey.MaxLength}"
            : null;
    }

    private string? SetProperties(TableEntity entity, string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var (column, text) = (plan.Columns[i], cells[i]);
            if (text.Length == 0 || (column.Type != CsvColumnType.String && string.IsNullOrWhiteSpace(text)))
            {
                if (column.IsRequired)
                    return $"column '{column.Name}' is required but empty";
                continue;
            }

            if (text.Length > MaxStringChars)
                return $"column '{column.Name}' has {text.Length} characters; the maximum is {MaxStringChars}";
            if (CellValue.Read(column.Type, text) is not { } value)
                return $"column '{column.Name}' is '{Shown(text)}', which is not a valid {column.Type.ToString().ToLowerInvariant()}";
            entity[column.Property] = value;
        }

        return null;
    }

    private static string? TooLarge(int chars) =>
        chars * sizeof(char) > MaxEntityBytes ? $"the row is larger than {MaxEntityBytes} bytes" : null;

    private static int WireBytes(TableEntity entity, int chars) =>
        (BytesPerChar * chars)
        + (BytesPerKeyChar * (entity.PartitionKey.Length + entity.RowKey.Length))
        + (BytesPerProperty * entity.Count)
        + BytesPerRow;

    private static string Shown(string text) => text.Length <= MaxShownChars ? text : text[..MaxShownChars] + "…";
}
