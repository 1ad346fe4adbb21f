using DurableTask.Core;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;

namespace JobPipeline.Benchmarks.Durable;

/// <summary>Activities one after the other, each with the output of the one before.</summary>
internal sealed class ChainOrchestration : TaskOrchestration<int, int>
{
    public override async Task<int> RunTask(OrchestrationContext context, int input)
    {
        var number = 0;
        for (var i = 0; i < input; i++)
            number = await context.ScheduleTask<int>(typeof(WorkActivity), number);
        return number;
    }
}

/// <summary>All activities at once.</summary>
internal sealed class FanOutOrchestration : TaskOrchestration<int, int>
{
    public override async Task<int> RunTask(OrchestrationContext context, int input) =>
        (await Task.WhenAll(Enumerable.Range(0, input).Select(number => context.ScheduleTask<int>(typeof(WorkActivity), number)))).Length;
}

/// <summary>One activity: the framework tracks nothing smaller than an orchestration.</summary>
internal sealed class SingleOrchestration : TaskOrchestration<int, int>
{
    public override Task<int> RunTask(OrchestrationContext context, int input) => context.ScheduleTask<int>(typeof(WorkActivity), input);
}

/// <summary>Waits for an event, then runs an activity.</summary>
internal sealed class WaitingOrchestration : TaskOrchestration<int, int, int, string>
{
    private readonly TaskCompletionSource<int> _raised = new();

    public override async Task<int> RunTask(OrchestrationContext context, int input) =>
        await context.ScheduleTask<int>(typeof(ClockedActivity), await _raised.Task);

    public override void OnEvent(OrchestrationContext context, string name, int input) => _raised.TrySetResult(input);
}

/// <summary>Returns the next number and is counted.</summary>
internal sealed class WorkActivity(HandledWork handled) : TaskActivity<int, int>
{
    protected override int Execute(TaskContext context, int input)
    {
        handled.Add();
        return input + 1;
    }
}

/// <summary>The activity after an event: stops the clock.</summary>
internal sealed class ClockedActivity(HandledWork handled, StartClock clock) : TaskActivity<int, int>
{
    protected override int Execute(TaskContext context, int input)
    {
        clock.Stop();
        handled.Add();
        return input + 1;
    }
}
