using System.Reflection;
using JobPipeline.Functions.Queues;
using Microsoft.Azure.Functions.Worker;

namespace JobPipeline.Functions.Tests.Support;

/// <summary>The functions of the app, found by their attributes, as the host does.</summary>
internal static class FunctionMethods
{
    public static IReadOnlyList<MethodInfo> All { get; } =
    [
        .. typeof(PriorityQueueTriggers).Assembly.GetTypes()
            .SelectMany(
                type => type.GetMethods(
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FunctionAttribute))),
    ];

    public static string NameOf(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    /// <summary>Returns every trigger of a type, with its function.</summary>
    public static IEnumerable<(MethodInfo Function, TTrigger Trigger)> With<TTrigger>()
        where TTrigger : Attribute =>
        All.SelectMany(
            function => function.GetParameters().Select(p => p.GetCustomAttribute<TTrigger>()).OfType<TTrigger>().Select(
                trigger => (function, trigger)));
}
