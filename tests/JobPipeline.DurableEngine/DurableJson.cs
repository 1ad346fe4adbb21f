using System.Text.Json;
using Microsoft.DurableTask;

namespace JobPipeline.DurableEngine;

/// <summary>Everything that goes in or out of an orchestrator or an activity goes as text.</summary>
internal static class DurableJson
{
    /// <summary>What the worker uses unless it is told otherwise.</summary>
    public static readonly JsonSerializerOptions Default = new() { PropertyNameCaseInsensitive = true };

    public static string? Write(object? value, JsonSerializerOptions options) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), options);

    public static T? Read<T>(string? json, JsonSerializerOptions options) => json is null ? default : JsonSerializer.Deserialize<T>(json, options);

    /// <summary>No exception crosses; only what can be said of it does.</summary>
    public static TaskFailureDetails Failure(Exception e) => e is TaskFailedException failed
        ? new TaskFailureDetails(e.GetType().ToString(), e.Message, e.StackTrace, failed.FailureDetails, null)
        : new TaskFailureDetails(e.GetType().ToString(), e.Message, e.StackTrace, e.InnerException is { } inner ? Failure(inner) : null, null);
}
