namespace JobPipeline.BuiltIn.Web;

/// <summary>Result of <c>http.request</c>. Credentials in it are replaced by <c>[redacted]</c>.</summary>
/// <param name="Status">The status of the last response, after redirects.</param>
/// <param name="Headers">The headers by name; several values of one name are joined by commas.</param>
/// <param name="Body">The whole body if it is text by its media type and its bytes.</param>
/// <param name="BodyBase64">The whole body if it is not text. A compressed body stays compressed.</param>
/// <param name="Duration">The time from the first connection to the last byte.</param>
public sealed record HttpRequestResult(
    int Status, IReadOnlyDictionary<string, string> Headers, string? Body, string? BodyBase64, TimeSpan Duration);
