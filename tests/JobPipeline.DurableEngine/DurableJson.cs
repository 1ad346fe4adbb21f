using System.Text.Json;
using Microsoft.DurableTask;

namespace JobPipeline.DurableEngine;

/// <summary>Serializes all inputs and outputs of orchestrators and activities.</summary>
internal static class DurableJson
{
    /// <summary>The default options of the worker.</summary>
    public static readonly JsonSerializerOptions Default = new() { PropertyNameCaseInsensitive = true };

    public static string? Write(object? value, JsonSerializerOptions options) =>
        value is null ? null : JsonSerializer.Serialize(value, value.GetType(), options);

    public static T? Read<T>(string? json, JsonSerializerOptions options) =>
        json is null ? default : JsonSerializer.Deserialize<T>(json, options);

    /// <summary>Returns the details of an exception; exceptions themselves are not passed on.</summary>
    public static TaskFailureDetails Failure(Exception e) => e is TaskFailedException failed
        ? new TaskFailureDetails(e.GetType().ToString(), e.Message, e.StackTrace, failed.FailureDetails, null)
        : new TaskFailureDetails(
            e.GetType().ToString(), e.Message, e.StackTrace, e.InnerException is { } inner ? Failure(inner) : null, null);
}
