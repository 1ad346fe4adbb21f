namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>The part of a checkpoint that belongs to the rejected lines.</summary>
/// <param name="Written">Bytes in the blob.</param>
/// <param name="Pending">Lines, as CSV, that wait for more to come before they are appended.</param>
internal sealed record RejectLogState(long Written, string Pending)
{
    public static RejectLogState Empty { get; } = new(0, "");
}
