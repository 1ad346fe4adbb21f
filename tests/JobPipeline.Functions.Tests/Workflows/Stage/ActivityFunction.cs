using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using JobPipeline.DurableEngine;
using Microsoft.Extensions.DependencyInjection;

namespace JobPipeline.Functions.Tests.Workflows.Stage;

/// <summary>Acts as the Functions host for an activity: creates its class, binds its parameters and returns its result.</summary>
internal sealed class ActivityFunction(IServiceProvider services, MethodInfo function)
{
    public async Task<object?> RunAsync(string? input)
    {
        // The worker starts an activity for each call, in a trace started by the host.
        Activity.Current = null;
        using var invocation = new Activity("Invoke").SetIdFormat(ActivityIdFormat.W3C);
        invocation.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        invocation.Start();
        var arguments = function.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken)
            ? CancellationToken.None
            : Bind(input, parameter.ParameterType));
        var target = function.IsStatic ? null : ActivatorUtilities.CreateInstance(services, function.DeclaringType!);
        var run = (Task)function.Invoke(target, BindingFlags.DoNotWrapExceptions, null, [.. arguments], null)!;
        await run;
        return function.ReturnType.IsGenericType ? function.ReturnType.GetProperty(nameof(Task<>.Result))!.GetValue(run) : null;
    }

    private static object? Bind(string? input, Type type) =>
        input is null ? null : JsonSerializer.Deserialize(input, type, DurableJson.Default);
}
