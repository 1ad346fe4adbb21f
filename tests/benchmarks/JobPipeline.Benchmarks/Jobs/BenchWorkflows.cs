using JobPipeline.Workflows.Definitions;

namespace JobPipeline.Benchmarks.Jobs;

/// <summary>The workflows that run on the emulator.</summary>
internal static class BenchWorkflows
{
    /// <summary>A fan-out of a type whose jobs are declared to be quick, with the maximum parallelism.</summary>
    public const string QuickFanOut = "fan-out-quick-256";

    /// <summary>A fan-out of the quick type with the default parallelism.</summary>
    public const string DefaultFanOut = "fan-out-quick-10";

    /// <summary>A fan-out of a type without an expected duration, with the maximum parallelism.</summary>
    public const string PlainFanOut = "fan-out-plain-256";

    public const string Waiting = "waiting";
    public const string Event = "go";
    private const int Widest = 256;

    private static readonly int[] Chains = [5, 10, 50];

    public static IEnumerable<WorkflowDefinition> All =>
    [
        .. Chains.Select(Chain),
        FanOut(QuickFanOut, QuickWorkJob.Type, Widest),
        FanOut(DefaultFanOut, QuickWorkJob.Type, WorkflowDefinition.DefaultParallel),
        FanOut(PlainFanOut, WorkJob.Type, Widest),
        new WorkflowBuilder(Waiting)
            .WaitFor("wait", Event)
            .Job("then", ClockedJob.Type, new { number = 0 }, step => step.Needs("wait"))
            .Build(),
    ];

    public static string ChainOf(int steps) => $"chain-{steps}";

    private static WorkflowDefinition FanOut(string name, string type, int maxParallel) => new WorkflowBuilder(name)
        .ForEach("each", "${{ input }}", type, new { number = "${{ item }}" }, maxParallel)
        .Build();

    private static WorkflowDefinition Chain(int steps)
    {
        var builder = new WorkflowBuilder(ChainOf(steps)).Job("s0", WorkJob.Type, new { number = 0 });
        for (var i = 1; i < steps; i++)
            builder.Job($"s{i}", WorkJob.Type, new { number = $"${{{{ steps.s{i - 1}.output }}}}" }, step => step.Needs($"s{i - 1}"));
        return builder.Build();
    }
}
