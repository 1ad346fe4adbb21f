using System.Text;
using Azure.Data.Tables;
using JobPipeline.BuiltIn.Csv.Rejects;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>A line that can be written to the table.</summary>
/// <param name="Line">The line number.</param>
/// <param name="Entity">The row.</param>
/// <param name="WireBytes">An upper bound of its size in a transaction, in bytes.</param>
/// <param name="Record">Its bytes, in case its key turns out to be a duplicate; empty if the key is the line number.</param>
internal sealed record ImportRow(long Line, TableEntity Entity, int WireBytes, byte[] Record)
{
    public RejectedLine AsDuplicateOf(long earlierLine) =>
        new(Line, $"the row key '{Entity.RowKey}' is already used by line {earlierLine}", Encoding.UTF8.GetString(Record));
}
