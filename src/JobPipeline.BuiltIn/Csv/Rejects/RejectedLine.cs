namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>A line that was not imported as a row.</summary>
/// <param name="Line">The line number.</param>
/// <param name="Reason">The reason, as text for people.</param>
/// <param name="Text">The original line.</param>
internal sealed record RejectedLine(long Line, string Reason, string Text);
