using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.BuiltIn.Sources;
using JobPipeline.BuiltIn.Storage;
using JobPipeline.BuiltIn.Text;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>Payload of <c>csv.import</c>. The first line of the file names the columns.</summary>
public sealed record CsvImportPayload : SourcePayload
{
    /// <summary>The Azure table that the rows go to; made when it is missing.</summary>
    public required TableName Table { get; init; }

    /// <summary>The partition of every row. Default: the name of the source, with <c>/</c> and the like escaped as in a row key.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>
    /// The columns whose values make the row key, in order; none of them may be empty. Default: the number of the line,
    /// ten digits. Values are joined by <c>|</c>; what a key can't hold, <c>|</c>, <c>!</c> and <c>%</c> are written as
    /// <c>!</c> and two hexadecimal digits. A line whose key an earlier line of the same job has is rejected.
    /// </summary>
    public IReadOnlyList<string>? KeyColumns { get; init; }

    /// <summary>Types by the name of the column. Default: every column is a string that may be empty.</summary>
    public IReadOnlyDictionary<string, CsvColumn>? Columns { get; init; }

    /// <summary>
    /// Gets the character between fields, one ASCII character. The default is the one that the file's first line names
    /// (<c>sep=;</c>), or else the comma, semicolon, tab or vertical bar that stands in the header.
    /// </summary>
    public string? Delimiter { get; init; }

    /// <summary>
    /// Gets the encoding of the file, such as <c>windows-1252</c> or <c>utf-16</c>. A byte order mark outranks it. The default
    /// is UTF-8, or UTF-16 or UTF-32 where the file begins as such.
    /// </summary>
    public string? Encoding { get; init; }

    /// <summary>Rows written, and a checkpoint saved, at a time. Default 100, the most that one transaction takes.</summary>
    [Range(1, 100)]
    public int BatchSize { get; init; } = 100;

    /// <summary>The blob for rejected lines, as <c>container/name</c>. Default <c>rejects/{job id}.csv</c>.</summary>
    public BlobAddress? Rejects { get; init; }

    /// <summary>More rejected lines than this fail the job for good; checked after each batch. Default: unlimited.</summary>
    [Range(0, long.MaxValue)]
    public long? MaxRejects { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => base.Validate(validationContext).Concat(ValidateImport());

    private IEnumerable<ValidationResult> ValidateImport()
    {
        if (Delimiter is not null && (Delimiter is not [var delimiter] || !Reading.CsvDialect.IsDelimiter(delimiter)))
            yield return new ValidationResult("'delimiter' must be one ASCII character, and no quote or line break", [nameof(Delimiter)]);
        if (PartitionKey is not null && !TableKey.IsLegal(PartitionKey))
        {
            yield return new ValidationResult(
                $"'partitionKey' must have 1 to {TableKey.MaxLength} characters and none of / \\ # ? or control characters",
                [nameof(PartitionKey)]);
        }

        if (KeyColumns is { Count: 0 } || KeyColumns?.Distinct(StringComparer.Ordinal).Count() < KeyColumns?.Count)
            yield return new ValidationResult("'keyColumns' must name at least one column, and none twice", [nameof(KeyColumns)]);
        if (Columns?.FirstOrDefault(column => column.Value is null || !Enum.IsDefined(column.Value.Type)) is { Key: { } name })
            yield return new ValidationResult($"'columns' has no known type for '{name}'", [nameof(Columns)]);
        if (Encoding is not null && Charsets.Find(Encoding) is null)
        {
            yield return new ValidationResult(
                $"'encoding' is '{Encoding}', which is not a known encoding; give a name such as \"utf-8\", \"utf-16\" or \"windows-1252\"",
                [nameof(Encoding)]);
        }
    }
}
