using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace PlainDurable;

/// <summary>The workflows of the benchmarks, as anybody would write them with Durable Functions alone.</summary>
public static class Orchestrations
{
    public const string Chain = "Chain";
    public const string FanOut = "FanOut";
    private const string Work = "Work";

    /// <summary>Activities one after the other, each with the output of the one before.</summary>
    [Function(Chain)]
    public static async Task<int> ChainAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var steps = context.GetInput<int>();
        var number = 0;
        for (var i = 0; i < steps; i++)
            number = await context.CallActivityAsync<int>(Work, number);
        return number;
    }

    /// <summary>All activities at once.</summary>
    [Function(FanOut)]
    public static async Task<int> FanOutAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var items = context.GetInput<int>();
        var numbers = await Task.WhenAll(Enumerable.Range(0, items).Select(number => context.CallActivityAsync<int>(Work, number)));
        return numbers.Length;
    }

    /// <summary>Does nothing.</summary>
    [Function(Work)]
    public static int RunWork([ActivityTrigger] int number) => number + 1;
}
