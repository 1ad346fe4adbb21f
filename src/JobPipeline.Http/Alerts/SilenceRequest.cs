using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Alerts;

namespace JobPipeline.Http.Alerts;

/// <summary>The body of a request to silence an alert rule.</summary>
/// <param name="For">The duration, from 1 second to 30 days.</param>
/// <param name="Reason">The reason, shown with the silence; 1 to 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SilenceRequest(
    [property: Required(ErrorMessage = "must be a duration such as 02:00:00")]
    [property: Range(
        typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "must be a duration from 00:00:01 to 30.00:00:00")]
    TimeSpan? For,
    [property: Required(ErrorMessage = "must be a string")]
    [property: StringLength(AlertSilence.MaxReasonLength, MinimumLength = 1, ErrorMessage = "must have 1 to 500 characters")]
    string? Reason);
