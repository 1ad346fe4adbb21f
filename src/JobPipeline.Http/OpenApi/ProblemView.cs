namespace JobPipeline.Http.OpenApi;

/// <summary>The schema of problem details (RFC 9457) in the OpenAPI document.</summary>
/// <param name="Type">A stable URI; compare it rather than the texts.</param>
/// <param name="Errors">The validation errors by field; the key "" holds errors of the whole request.</param>
/// <param name="TraceId">The trace id of an unexpected error in the log.</param>
internal sealed record ProblemView(
    string Type, string Title, int Status, string Detail, IReadOnlyDictionary<string, string[]>? Errors, string? TraceId);
