using System.Text;
using Azure.Data.Tables;
using JobPipeline.BuiltIn.Csv.Rejects;

namespace JobPipeline.BuiltIn.Csv.Rows;

/// <summary>A line that is fit for the table.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Entity">The row.</param>
/// <param name="WireBytes">No less than it takes in a transaction.</param>
/// <param name="Record">Its bytes, for the case that the table has its key already; empty when it can't have.</param>
internal sealed record ImportRow(long Line, TableEntity Entity, int WireBytes, byte[] Record)
{
    public RejectedLine AsDuplicateOf(long earlierLine) =>
        new(Line, $"the row key '{Entity.RowKey}' is that of line {earlierLine}", Encoding.UTF8.GetString(Record));
}
