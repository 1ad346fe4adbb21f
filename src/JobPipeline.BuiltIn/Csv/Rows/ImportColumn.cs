namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>A column of the file and the table property it is stored as.</summary>
internal sealed record ImportColumn(string Name, string Property, CsvColumnType Type, bool IsRequired);
