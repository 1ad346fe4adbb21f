using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Failures.Replays;

namespace JobPipeline.Http.Failures;

/// <summary>The body of a request to resolve; may be left out.</summary>
/// <param name="Release">The release that mends it; default: the one that answers.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResolveRequest([property: StringLength(100, MinimumLength = 1)] string? Release = null);

/// <summary>The body of a request to replay a group's dead letters; may be left out.</summary>
/// <param name="PerSecond">At most so many a second. Default 10.</param>
/// <param name="DryRun">Only count them.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayGroupRequest([property: Range(1, BulkReplays.MaxPerSecond)] int? PerSecond = null, bool DryRun = false);
