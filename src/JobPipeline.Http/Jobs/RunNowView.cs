using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Jobs;

namespace JobPipeline.Http.Jobs;

/// <summary>The optional body of a request to run a job now.</summary>
/// <param name="Reason">The reason, stored in the job's record; at most 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RunNowRequest([property: StringLength(500, MinimumLength = 1)] string? Reason = null);

/// <summary>The response to a request to run a job now: its message was sent.</summary>
internal sealed record RunNowView(JobId Id, string Location);
