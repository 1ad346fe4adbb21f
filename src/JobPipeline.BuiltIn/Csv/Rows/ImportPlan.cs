using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>The mapping from lines to rows, determined by the header and the payload.</summary>
/// <param name="Job">The job, which identifies the rows it wrote.</param>
/// <param name="Partition">The partition key of every row.</param>
/// <param name="Columns">The columns in file order.</param>
/// <param name="KeyIndexes">The indexes of the columns of the row key; empty if the line number is the key.</param>
internal sealed record ImportPlan(JobId Job, string Partition, IReadOnlyList<ImportColumn> Columns, IReadOnlyList<int> KeyIndexes)
{
    // The service allows 255 properties, of which it uses three itself and the import uses two.
    private const int MaxColumns = 250;

    public bool HasKeyColumns => KeyIndexes.Count > 0;

    /// <exception cref="JobRejectedException">The header is invalid, or lacks columns that the payload names.</exception>
    public static ImportPlan From(IReadOnlyList<string> header, CsvImportPayload payload, string sourceName, JobId job)
    {
        if (header.Count > MaxColumns)
            throw new JobRejectedException($"The header names {header.Count} columns; a table row can hold at most {MaxColumns}.");
        if (header.TakeWhile(name => !string.IsNullOrWhiteSpace(name)).Count() is var named && named < header.Count)
            throw new JobRejectedException($"Column {named + 1} of the header has no name.");
        if (Duplicate(header, name => name) is { } duplicate)
            throw new JobRejectedException($"The header names the column '{duplicate}' twice.");
        var unknown = (payload.Columns?.Keys ?? [])
            .Concat(payload.KeyColumns ?? [])
            .FirstOrDefault(name => !header.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
            throw new JobRejectedException($"The file has no column '{unknown}'. Its columns are: {string.Join(", ", header)}.");

        var columns = header.Select(name => ColumnOf(name, payload)).ToList();
        if (Duplicate(columns, column => column.Property) is { } collision)
        {
            var both = columns.Where(column => column.Property == collision.Property).Select(column => $"'{column.Name}'");
            throw new JobRejectedException(
                $"The columns {string.Join(" and ", both)} would both become the table property '{collision.Property}'. Rename one.");
        }

        var keys = (payload.KeyColumns ?? []).Select(name => columns.FindIndex(column => column.Name == name));
        return new ImportPlan(job, payload.PartitionKey ?? PartitionOf(sourceName), columns, [.. keys]);
    }

    private static ImportColumn ColumnOf(string name, CsvImportPayload payload)
    {
        var property = PropertyName.From(name);
        if (property.Length > PropertyName.MaxLength)
        {
            throw new JobRejectedException(
                $"The column name '{name[..40]}…' is too long: a table property name has at most {PropertyName.MaxLength} characters.");
        }

        var column = payload.Columns?.GetValueOrDefault(name) ?? new CsvColumn();
        var isKey = payload.KeyColumns?.Contains(name, StringComparer.Ordinal) == true;
        return new ImportColumn(name, property, column.Type, column.Required || isKey);
    }

    private static string PartitionOf(string sourceName) =>
        TableKey.Of(sourceName) is { Length: <= TableKey.MaxLength } key
            ? key
            : throw new JobRejectedException("The name of the source is too long for a partition key. Set 'partitionKey'.");

    private static T? Duplicate<T>(IEnumerable<T> items, Func<T, string> name)
        where T : class =>
        items.GroupBy(name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any())?.First();
}
