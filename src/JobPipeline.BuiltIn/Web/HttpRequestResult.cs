namespace JobPipeline.BuiltIn.Web;

/// <summary>Result of <c>http.request</c>. Credentials in it are replaced by <c>[redacted]</c>.</summary>
/// <param name="Status">Of the last answer, after redirects.</param>
/// <param name="Headers">By name; several values of one name are joined by commas.</param>
/// <param name="Body">The whole body when it is text: its media type says so, and so do its bytes.</param>
/// <param name="BodyBase64">The whole body when it is not. One that came compressed is kept as it came.</param>
/// <param name="Duration">From the first connection to the last byte.</param>
public sealed record HttpRequestResult(
    int Status, IReadOnlyDictionary<string, string> Headers, string? Body, string? BodyBase64, TimeSpan Duration);
