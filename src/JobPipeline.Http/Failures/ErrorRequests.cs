using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JobPipeline.Failures.Replays;

namespace JobPipeline.Http.Failures;

/// <summary>The optional body of a request to resolve an error group.</summary>
/// <param name="Release">The release that contains the fix; by default the release of the instance that answers.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ResolveRequest([property: StringLength(100, MinimumLength = 1)] string? Release = null);

/// <summary>The optional body of a request to replay an error group's dead letters.</summary>
/// <param name="PerSecond">The maximum number of replays per second. The default is 10.</param>
/// <param name="DryRun">Whether to only count the dead letters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayGroupRequest([property: Range(1, BulkReplays.MaxPerSecond)] int? PerSecond = null, bool DryRun = false);
