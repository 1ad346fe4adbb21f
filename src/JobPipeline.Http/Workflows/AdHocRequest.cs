using System.Text.Json;
using System.Text.Json.Serialization;

namespace JobPipeline.Http.Workflows;

/// <summary>The body of a request to run a workflow definition that is not in the catalog.</summary>
/// <param name="Definition">The definition, as in a file: <c>name</c>, <c>steps</c> and so on.</param>
/// <param name="Input">The input of the workflow instance.</param>
/// <param name="InstanceId">The id of the workflow instance; absent: a new id is created.</param>
/// <param name="CorrelationId">The caller's correlation id.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AdHocRequest(
    JsonElement Definition, JsonElement? Input = null, string? InstanceId = null, string? CorrelationId = null);
