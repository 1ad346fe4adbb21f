using JobPipeline.Functions.Tests.Support;
using JobPipeline.Http;
using JobPipeline.Http.OpenApi;
using JobPipeline.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Tests.Shell;

/// <summary>The trigger attributes as the host reads them.</summary>
public sealed class TriggerTests
{
    [Fact]
    public void Functions_OfTheApp_AreFoundByTheSourceGeneratorAndNamedOnce()
    {
        Assert.True(FunctionMethods.All.Count >= 12, $"only {FunctionMethods.All.Count} functions");
        Assert.Equal(
            FunctionMethods.All.Count,
            FunctionMethods.All.Select(FunctionMethods.NameOf).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(FunctionMethods.All, function => Assert.Matches("^[A-Za-z][A-Za-z0-9_-]{0,126}$", FunctionMethods.NameOf(function)));
        // The generated executor calls only public methods of public classes.
        Assert.All(
            FunctionMethods.All,
            function => Assert.True(function.IsPublic && function.DeclaringType!.IsVisible, $"{function.Name} is not public"));
    }

    [Fact]
    public void Functions_OfTheApp_HaveOneTriggerEach()
    {
        var triggered = FunctionMethods.With<QueueTriggerAttribute>().Select(bound => bound.Function)
            .Concat(FunctionMethods.With<HttpTriggerAttribute>().Select(bound => bound.Function))
            .Concat(FunctionMethods.With<TimerTriggerAttribute>().Select(bound => bound.Function))
            .Concat(FunctionMethods.With<OrchestrationTriggerAttribute>().Select(bound => bound.Function))
            .Concat(FunctionMethods.With<ActivityTriggerAttribute>().Select(bound => bound.Function));
        Assert.Equal(
            FunctionMethods.All.Select(FunctionMethods.NameOf).Order(StringComparer.Ordinal),
            triggered.Select(FunctionMethods.NameOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void QueueTriggers_OfTheApp_CoverEveryQueueAndItsPoisonQueueOnce()
    {
        string[] expected = [.. PriorityQueues.Received, .. PriorityQueues.Received.Select(PriorityQueues.PoisonOf)];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            FunctionMethods.With<QueueTriggerAttribute>().Select(bound => bound.Trigger.QueueName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void QueueTriggers_OfTheApp_UseTheHostsOwnStorage() =>
        Assert.All(FunctionMethods.With<QueueTriggerAttribute>(), bound => Assert.Equal("AzureWebJobsStorage", bound.Trigger.Connection));

    [Fact]
    public void QueueTriggers_OfTheApp_BindTheWholeMessageAndTheHostsToken() => Assert.All(
        FunctionMethods.With<QueueTriggerAttribute>(),
        bound => Assert.Equal(
            [
                typeof(Azure.Storage.Queues.Models.QueueMessage),
                .. IsJobQueue(bound.Trigger) ? [typeof(DurableTaskClient)] : Type.EmptyTypes,
                typeof(CancellationToken),
            ],
            bound.Function.GetParameters().Select(p => p.ParameterType)));

    private static bool IsJobQueue(QueueTriggerAttribute trigger) =>
        PriorityQueues.Received.Contains(trigger.QueueName, StringComparer.Ordinal);

    [Fact]
    public void HttpTriggers_OfTheApp_AreThoseOfTheTable() => Assert.Equal(
        ApiOperations.All.Select(operation => $"{operation.Method} {operation.Route}").Order(StringComparer.Ordinal),
        FunctionMethods.With<HttpTriggerAttribute>()
            .Select(bound => $"{bound.Trigger.Methods![0].ToUpperInvariant()} {bound.Trigger.Route}")
            .Order(StringComparer.Ordinal));

    [Fact]
    public void HttpTriggers_OfTheApp_RequireAKeyExceptForLiveness() => Assert.All(
        FunctionMethods.With<HttpTriggerAttribute>(),
        bound => Assert.Equal(
            bound.Trigger.Route == ApiRoutes.Live ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, bound.Trigger.AuthLevel));

    [Fact]
    public void Timer_OfTheApp_RunsEvery20SecondsAndSkipsMissedRuns()
    {
        var (_, timer) = Assert.Single(FunctionMethods.With<TimerTriggerAttribute>());
        Assert.Equal(("*/20 * * * * *", false, false), (timer.Schedule, timer.UseMonitor, timer.RunOnStartup));
    }
}
