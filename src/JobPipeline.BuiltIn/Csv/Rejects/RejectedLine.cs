namespace JobPipeline.BuiltIn.Csv.Rejects;

/// <summary>A line that did not become a row.</summary>
/// <param name="Line">Its number.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Text">The line as it was.</param>
internal sealed record RejectedLine(long Line, string Reason, string Text);
