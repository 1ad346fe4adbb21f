namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>A column of the file as it goes into the table.</summary>
internal sealed record ImportColumn(string Name, string Property, CsvColumnType Type, bool IsRequired);
