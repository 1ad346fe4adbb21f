using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Enqueueing;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The optional body of a request to cancel a job.</summary>
/// <param name="Reason">The reason, stored in the job's record; at most 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CancelRequest([property: StringLength(500, MinimumLength = 1)] string? Reason = null);

/// <summary>The response to a request to cancel a job.</summary>
/// <param name="Outcome">
/// <see cref="CancelOutcome.Cancelled"/>: the job is cancelled. <see cref="CancelOutcome.Requested"/>: the job is running, and
/// its worker will see the request.
/// </param>
internal sealed record CancelView(JobId Id, string Location, CancelOutcome Outcome);
