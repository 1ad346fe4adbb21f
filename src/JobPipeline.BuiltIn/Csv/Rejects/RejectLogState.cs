namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>The part of a checkpoint that describes the rejected lines.</summary>
/// <param name="Written">The number of bytes in the blob.</param>
/// <param name="Pending">The lines, as CSV, that are not yet appended.</param>
internal sealed record RejectLogState(long Written, string Pending)
{
    public static RejectLogState Empty { get; } = new(0, "");
}
