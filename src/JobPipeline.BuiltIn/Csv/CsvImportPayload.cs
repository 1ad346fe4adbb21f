using System.ComponentModel.DataAnnotations;
using JobPipeline.BuiltIn.Csv.Rows;
using JobPipeline.BuiltIn.Sources;

namespace JobPipeline.BuiltIn.Csv;

/// <summary>Payload of <c>csv.import</c>. The file is UTF-8, its first line names the columns.</summary>
public sealed record CsvImportPayload : SourcePayload
{
    /// <summary>The Azure table that the rows go to; made when it is missing.</summary>
    [RegularExpression("^[A-Za-z][A-Za-z0-9]{2,62}$", ErrorMessage = "'table' takes 3 to 63 letters and digits, a letter first")]
    public required string Table { get; init; }

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

    /// <summary>One ASCII character. Default a comma.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Rows written, and a checkpoint saved, at a time. Default 100, the most that one transaction takes.</summary>
    [Range(1, 100)]
    public int BatchSize { get; init; } = 100;

    /// <summary>The blob for rejected lines, as <c>container/name</c>. Default <c>rejects/{job id}.csv</c>.</summary>
    public string? Rejects { get; init; }

    /// <summary>More rejected lines than this fail the job for good; checked after each batch. Default: unlimited.</summary>
    [Range(0, long.MaxValue)]
    public long? MaxRejects { get; init; }

    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => base.Validate(validationContext).Concat(ValidateImport());

    private IEnumerable<ValidationResult> ValidateImport()
    {
        if (Delimiter is not [var delimiter] || !char.IsAscii(delimiter) || delimiter is '"' or '\r' or '\n' or '\0')
            yield return new ValidationResult("'delimiter' must be one ASCII character, and no quote or line break", [nameof(Delimiter)]);
        if (PartitionKey is not null && !TableKey.IsLegal(PartitionKey))
            yield return new ValidationResult($"'partitionKey' must have 1 to {TableKey.MaxLength} characters and none of / \\ # ? or control characters", [nameof(PartitionKey)]);
        if (KeyColumns is { Count: 0 } || KeyColumns?.Distinct(StringComparer.Ordinal).Count() < KeyColumns?.Count)
            yield return new ValidationResult("'keyColumns' must name at least one column, and none twice", [nameof(KeyColumns)]);
        if (Columns?.FirstOrDefault(column => column.Value is null || !Enum.IsDefined(column.Value.Type)) is { Key: { } name })
            yield return new ValidationResult($"'columns' has no known type for '{name}'", [nameof(Columns)]);
        if (Rejects is not null && !BlobName.TryParse(Rejects, out _))
            yield return new ValidationResult($"'rejects' is '{Rejects}'; it takes the form \"container/name\"", [nameof(Rejects)]);
    }
}
