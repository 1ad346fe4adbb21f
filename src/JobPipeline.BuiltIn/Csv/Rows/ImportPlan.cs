using JobPipeline.Handlers;
using JobPipeline.Jobs;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>What the header and the payload say together of how lines become rows.</summary>
/// <param name="Job">The job, to tell its own rows from others'.</param>
/// <param name="Partition">The partition of every row.</param>
/// <param name="Columns">In the order of the file.</param>
/// <param name="KeyIndexes">Where the parts of the row key stand; empty when the line number is the key.</param>
internal sealed record ImportPlan(JobId Job, string Partition, IReadOnlyList<ImportColumn> Columns, IReadOnlyList<int> KeyIndexes)
{
    // The service allows 255 properties, three of which are its own; two are the import's.
    private const int MaxColumns = 250;

    public bool HasKeyColumns => KeyIndexes.Count > 0;

    /// <exception cref="JobRejectedException">The header is not usable, or does not have the columns that the payload names.</exception>
    public static ImportPlan From(IReadOnlyList<string> header, CsvImportPayload payload, string sourceName, JobId job)
    {
        if (header.Count > MaxColumns)
            throw new JobRejectedException($"The header names {header.Count} columns; a table row holds {MaxColumns} at most.");
        if (header.Any(string.IsNullOrWhiteSpace))
            throw new JobRejectedException($"Column {header.TakeWhile(name => !string.IsNullOrWhiteSpace(name)).Count() + 1} of the header has no name.");
        if (Twice(header, name => name) is { } twice)
            throw new JobRejectedException($"The header names the column '{twice}' twice.");
        var unknown = (payload.Columns?.Keys ?? []).Concat(payload.KeyColumns ?? []).FirstOrDefault(name => !header.Contains(name, StringComparer.Ordinal));
        if (unknown is not null)
            throw new JobRejectedException($"The file has no column '{unknown}'. Its columns are: {string.Join(", ", header)}.");

        var columns = header.Select(name => ColumnOf(name, payload)).ToList();
        if (Twice(columns, column => column.Property) is { } collision)
        {
            var both = columns.Where(column => column.Property == collision.Property).Select(column => $"'{column.Name}'");
            throw new JobRejectedException($"The columns {string.Join(" and ", both)} would both become the table property '{collision.Property}'. Rename one.");
        }

        var keys = (payload.KeyColumns ?? []).Select(name => columns.FindIndex(column => column.Name == name));
        return new ImportPlan(job, payload.PartitionKey ?? PartitionOf(sourceName), columns, [.. keys]);
    }

    private static ImportColumn ColumnOf(string name, CsvImportPayload payload)
    {
        var property = PropertyName.From(name);
        if (property.Length > PropertyName.MaxLength)
            throw new JobRejectedException($"The column name '{name[..40]}…' is too long: a table property has {PropertyName.MaxLength} characters at most.");
        var column = payload.Columns?.GetValueOrDefault(name) ?? new CsvColumn();
        var isKey = payload.KeyColumns?.Contains(name, StringComparer.Ordinal) == true;
        return new ImportColumn(name, property, column.Type, column.Required || isKey);
    }

    private static string PartitionOf(string sourceName) =>
        TableKey.Of(sourceName) is { Length: <= TableKey.MaxLength } key
            ? key
            : throw new JobRejectedException("The name of the source is too long for a partition key. Give 'partitionKey'.");

    private static T? Twice<T>(IEnumerable<T> items, Func<T, string> name)
        where T : class =>
        items.GroupBy(name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any())?.First();
}
