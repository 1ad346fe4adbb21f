namespace JobPipeline.Http.OpenApi;

/// <summary>Problem details (RFC 9457) as they appear in the document.</summary>
/// <param name="Type">A stable URI; compare it, not the words.</param>
/// <param name="Errors">What is wrong, by field; "" holds what is wrong with the whole.</param>
/// <param name="TraceId">Where to find an unexpected error in the log.</param>
public sealed record ProblemView(string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors, string? TraceId);
