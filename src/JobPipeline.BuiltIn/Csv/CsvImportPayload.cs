using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.BuiltIn.Text;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>Payload of <c>csv.import</c>. The first line of the file names the columns.</summary>
public sealed record CsvImportPayload : SourcePayload
{
    /// <summary>Gets the Azure table to import into. It is created if it does not exist.</summary>
    public required TableName Table { get; init; }

    /// <summary>
    /// Gets the partition key of every row. The default is the name of the source, with characters such as <c>/</c> escaped as in a row
    /// key.
    /// </summary>
    public string? PartitionKey { get; init; }

    /// <summary>
    /// Gets the columns whose values make up the row key, in order; none of the values may be empty. The default is the line number
    /// with ten digits. The values are joined by <c>|</c>; the characters <c>|</c>, <c>!</c>, <c>%</c> and those not allowed in a
    /// key are written as <c>!</c> and two hexadecimal digits. A line with the same key as an earlier line of the job is rejected.
    /// </summary>
    public IReadOnlyList<string>? KeyColumns { get; init; }

    /// <summary>Gets the columns' types by column name. By default every column is an optional string.</summary>
    public IReadOnlyDictionary<string, CsvColumn>? Columns { get; init; }

    /// <summary>
    /// Gets the field delimiter, one ASCII character. The default is the one that the file's first line specifies (<c>sep=;</c>),
    /// otherwise the comma, semicolon, tab or vertical bar that occurs in the header.
    /// </summary>
    public string? Delimiter { get; init; }

    /// <summary>
    /// Gets the encoding of the file, such as <c>windows-1252</c> or <c>utf-16</c>. A byte order mark takes precedence. The default
    /// is UTF-8, or UTF-16 or UTF-32 if the start of the file is recognized as such.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>
    /// Gets the number of rows to write before each checkpoint. The default is 100, the maximum size of a transaction.
    /// </summary>
    [Range(1, 100)]
    public int BatchSize { get; init; } = 100;

    /// <summary>Gets the blob for rejected lines, as <c>container/name</c>. The default is <c>rejects/{job id}.csv</c>.</summary>
    public BlobAddress? Rejects { get; init; }

    /// <summary>
    /// Gets the maximum number of rejected lines; with more, the job itself is rejected. Checked after each batch. The default is
    /// unlimited.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long? MaxRejects { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        base.Validate(validationContext).Concat(ValidateImport());

    private IEnumerable<ValidationResult> ValidateImport()
    {
        if (Delimiter is not null && (Delimiter is not [var delimiter] || !Reading.CsvDialect.IsDelimiter(delimiter)))
            yield return new ValidationResult("'delimiter' must be one ASCII character, not a quote or a line break", [nameof(Delimiter)]);
        if (PartitionKey is not null && !TableKey.IsLegal(PartitionKey))
        {
            yield return new ValidationResult(
                $"'partitionKey' must have 1 to {TableKey.MaxLength} characters and must not contain / \\ # ? or control characters",
                [nameof(PartitionKey)]);
        }

        if (KeyColumns is { Count: 0 } || KeyColumns?.Distinct(StringComparer.Ordinal).Count() < KeyColumns?.Count)
            yield return new ValidationResult("'keyColumns' must name at least one column, each of them once", [nameof(KeyColumns)]);
        if (Columns?.FirstOrDefault(column => column.Value is null || !Enum.IsDefined(column.Value.Type)) is { Key: { } name })
            yield return new ValidationResult($"'columns' has no valid type for '{name}'", [nameof(Columns)]);
        if (Encoding is not null && Charsets.Find(Encoding) is null)
        {
            yield return new ValidationResult(
                $"'encoding' is '{Encoding}', which is not a known encoding; use a name such as \"utf-8\", \"utf-16\" or \"windows-1252\"",
                [nameof(Encoding)]);
        }
    }
}
