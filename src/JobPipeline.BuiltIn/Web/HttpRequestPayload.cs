using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Payload of <c>http.request</c>. Unknown members are rejected, because a misspelled one would change the request.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HttpRequestPayload : IValidatableObject
{
    /// <summary>Gets the method; any but CONNECT and TRACE. The default is GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>
    /// Gets the absolute http or https address, without user name and password; with a connection that has a base address, it may be a
    /// path below it.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>
    /// Gets additional headers. Headers that carry credentials (<see cref="SensitiveHeaders"/>) must be configured with a connection,
    /// and those that frame the message (<c>Host</c>, <c>Content-Length</c> and similar) can't be set.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Gets the body. A string is sent unchanged as UTF-8; any other value as JSON. Not allowed with GET and HEAD.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>
    /// Gets the media type of the body. The default is <c>text/plain; charset=utf-8</c> for a string, otherwise
    /// <c>application/json</c>.
    /// </summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// Gets the statuses that mean success: codes, classes or ranges. The default is 2xx. A redirect is followed unless its own status
    /// is among them.
    /// </summary>
    public IReadOnlyList<StatusRange> ExpectedStatus { get; init; } = [new(200, 299)];

    /// <summary>Gets the name of the configured connection whose credentials are sent.</summary>
    public string? Connection { get; init; }

    /// <summary>
    /// Gets the timeout of the whole exchange, including redirects and the body. The default, and the maximum, is the job's
    /// own timeout.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Gets the maximum size of the response body in bytes; a larger body fails the job. The default, and the maximum, is the setting
    /// <c>JobPipeline:BuiltIn:Outbound:MaxResponseBytes</c>.
    /// </summary>
    [Range(0, Outbound.OutboundOptions.LargestResponseBytes)]
    public int? MaxResponseBytes { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => HttpPayloadRules.Flaws(this);
}
