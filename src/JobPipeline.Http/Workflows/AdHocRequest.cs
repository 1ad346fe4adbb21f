using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.Http.Workflows;

/// <summary>A workflow that is run without being in the catalog.</summary>
/// <param name="Definition">As in a file: <c>name</c>, <c>steps</c> and so on.</param>
/// <param name="Input">What it is given.</param>
/// <param name="InstanceId">The instance's id; absent: one is made.</param>
/// <param name="CorrelationId">The caller's own id for the work.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AdHocRequest(JsonElement Definition, JsonElement? Input = null, string? InstanceId = null, string? CorrelationId = null);
