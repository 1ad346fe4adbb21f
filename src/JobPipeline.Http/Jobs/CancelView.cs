using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Enqueueing;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The body of a request to cancel; may be left out.</summary>
/// <param name="Reason">For people; kept on the record. At most 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CancelRequest([property: StringLength(500, MinimumLength = 1)] string? Reason = null);

/// <summary>The answer to a request to cancel.</summary>
/// <param name="Outcome"><see cref="CancelOutcome.Cancelled"/>: it is. <see cref="CancelOutcome.Requested"/>: it runs, and its worker will see the request.</param>
public sealed record CancelView(JobId Id, string Location, CancelOutcome Outcome);
