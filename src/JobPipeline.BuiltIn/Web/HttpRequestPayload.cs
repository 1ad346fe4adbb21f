using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.BuiltIn.Web;

/// <summary>Payload of <c>http.request</c>. A member of another name is refused: a misspelt one would change what is sent.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HttpRequestPayload : IValidatableObject
{
    /// <summary>Any method but CONNECT and TRACE. Default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>An absolute http or https address without user name and password; with a connection that has a base address, a path of it.</summary>
    public required string Url { get; init; }

    /// <summary>
    /// More headers. Those that carry credentials (<see cref="SensitiveHeaders"/>) come from a connection, and those
    /// of the connection itself (<c>Host</c>, <c>Content-Length</c> and the like) from nobody.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>A string is sent as it is, in UTF-8; any other value as JSON. Not with GET and HEAD.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>Of the body. Default <c>text/plain; charset=utf-8</c> for a string, otherwise <c>application/json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// The statuses that mean success: codes, classes, ranges. Default 2xx. A redirect is followed unless its own status
    /// is among them.
    /// </summary>
    public IReadOnlyList<StatusRange> ExpectedStatus { get; init; } = [new(200, 299)];

    /// <summary>The name of a connection in configuration, whose credentials are sent along.</summary>
    public string? Connection { get; init; }

    /// <summary>Longest time for the whole exchange, redirects and body included. Default, and bound: the job's own time limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan? Timeout { get; init; }

    /// <summary>A larger body fails the job. Default, and bound: the setting <c>JobPipeline:BuiltIn:Outbound:MaxResponseBytes</c>.</summary>
    [Range(0, Outbound.OutboundOptions.LargestResponseBytes)]
    public int? MaxResponseBytes { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => PayloadRules.Flaws(this);
}
