using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace JobPipeline.Http.Limits;

/// <summary>The body of a request to change a limit.</summary>
/// <param name="Concurrency">The maximum number of runs at the same time; absent for no maximum.</param>
/// <param name="Rate">The maximum number of starts, such as <c>100/01:00:00</c>; absent for no maximum.</param>
/// <param name="Burst">The number of starts at once after a quiet time; absent for what the rate allows within a second.</param>
/// <param name="Reason">The reason, shown with the limit; 1 to 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LimitChange(
    [property: Range(1, 1_000_000, ErrorMessage = "must be a whole number from 1 to 1000000")] int? Concurrency,
    string? Rate,
    [property: Range(1, 1_000_000, ErrorMessage = "must be a whole number from 1 to 1000000")] int? Burst,
    [property: Required(ErrorMessage = "must be a string")]
    [property: StringLength(500, MinimumLength = 1, ErrorMessage = "must have 1 to 500 characters")]
    string? Reason);

/// <summary>The body of a request to close a limit.</summary>
/// <param name="For">The duration, from 1 second to 30 days; absent for no end.</param>
/// <param name="Reason">The reason, shown with the limit; 1 to 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LimitClosing(
    [property: Range(
        typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "must be a duration from 00:00:01 to 30.00:00:00")]
    TimeSpan? For,
    [property: Required(ErrorMessage = "must be a string")]
    [property: StringLength(500, MinimumLength = 1, ErrorMessage = "must have 1 to 500 characters")]
    string? Reason);
