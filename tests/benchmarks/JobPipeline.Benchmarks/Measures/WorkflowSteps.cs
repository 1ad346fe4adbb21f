using System.Globalization;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Report;
using JobPipeline.BuiltIn;
using JobPipeline.Hosting;
using JobPipeline.Testing;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Machine;
using Microsoft.Extensions.Configuration;

namespace JobPipeline.Benchmarks.Measures;

/// <summary>
/// Measures the cost of a workflow step in the local runner, including its job and its expressions, on in-memory stores: it must
/// not grow with the number of steps. A chain has the maximum number of steps of a definition, a fan-out more. Measures processor
/// time, which varies less with the load of the machine than elapsed time.
/// </summary>
internal sealed class WorkflowSteps : IMeasure
{
    private const int Rounds = 5;
    private const int WarmUps = 6;
    private const int StepsARound = 1_000;
    private const int Few = 10;
    private const double Flat = 1.2;
    private const int Target = 1_000;
    private const double TargetMicroseconds = 25;
    private const double TargetKibibytes = 12;
    private static readonly int[] Items = [Few, 100, 1_000, 10_000];
    private static readonly int[] Links = [Few, 100, WorkflowDefinition.MaxSteps];

    public string Title => "workflows: time per step, with few steps and with many";

    public async Task<IReadOnlyList<Finding>> RunAsync(BenchScale scale, CancellationToken cancellationToken) =>
    [
        .. await CompareAsync("item of a fan-out", Items[..scale.Of(4, 3)], scale.Of(Rounds, 2), FanOut, cancellationToken),
        .. await CompareAsync(
            "item of a fan-out over the input", Items[..scale.Of(4, 3)], scale.Of(Rounds, 2), FanOutOfInput, cancellationToken),
        .. await CompareAsync("step of a chain", Links, scale.Of(Rounds, 2), Chain, cancellationToken),
    ];

    private static WorkflowDefinition FanOut(int items) => new WorkflowBuilder("fan-out")
        .Job("list", ListJob.Type, new { count = items })
        .ForEach("each", "${{ steps.list.output }}", StepJob.Type, new { number = "${{ item }}" }, step: step => step.Needs("list"))
        .Build();

    private static WorkflowDefinition FanOutOfInput(int items) => new WorkflowBuilder("fan-out")
        .ForEach("each", "${{ input }}", StepJob.Type, new { number = "${{ item }}" })
        .Build();

    private static WorkflowDefinition Chain(int links)
    {
        var builder = new WorkflowBuilder("chain").Job("s0", StepJob.Type, new { number = 0 });
        for (var i = 1; i < links; i++)
        {
            var before = string.Create(CultureInfo.InvariantCulture, $"s{i - 1}");
            builder.Job($"s{i}", StepJob.Type, new { number = $"${{{{ steps.{before}.output }}}}" }, step => step.Needs(before));
        }

        return builder.Build();
    }

    private static async Task<IEnumerable<Finding>> CompareAsync(
        string what, int[] sizes, int rounds, Func<int, WorkflowDefinition> define, CancellationToken cancellationToken)
    {
        var costs = sizes.ToDictionary(size => size, _ => new List<JobCost>());
        for (var round = 0; round < WarmUps; round++)
            await RunRoundAsync(define(Few), Few, isOverInput: define == FanOutOfInput, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            // Alternates the sizes, so that other load on the machine affects all of them.
            foreach (var size in sizes)
                costs[size].Add(await RunRoundAsync(define(size), size, isOverInput: define == FanOutOfInput, cancellationToken));
        }

        var few = JobCost.MedianOf(costs[Few]);
        foreach (var size in sizes)
            Console.WriteLine($"   {what}, {size}: {JobCost.MedianOf(costs[size])}");
        return sizes.Skip(1).Select(size =>
        {
            var many = JobCost.MedianOf(costs[size]);
            var ratio = many.Processor / few.Processor;
            return new Finding(
                $"workflow, {what}, of {size} / of {Few}", Text(many), Text(few), $"{ratio:f2}", $"<= {Flat} (flat)", ratio <= Flat);
        }).Concat(define == FanOutOfInput ? BesideJob(JobCost.MedianOf(costs[Target]), await JobAsync(rounds, cancellationToken)) : []);

        static string Text(JobCost cost) =>
            string.Create(CultureInfo.InvariantCulture, $"{cost.Processor:f0} us, {cost.Bytes / 1024:f1} KiB");
    }

    /// <summary>Measures a job that belongs to no workflow.</summary>
    private static async Task<JobCost> JobAsync(int rounds, CancellationToken cancellationToken)
    {
        var costs = new List<JobCost>();
        await using var rig = new ExecutorRig();
        for (var round = 0; round <= rounds; round++)
            costs.Add(await rig.RunAsync(cancellationToken));
        return JobCost.MedianOf(costs[1..]);
    }

    private static IEnumerable<Finding> BesideJob(JobCost item, JobCost job) =>
    [
        new Finding(
            $"workflow, item of a fan-out of {Target}, processor time / a job", $"{item.Processor:f1} us", $"{job.Processor:f1} us",
            $"{item.Processor / job.Processor:f2}", $"<= {TargetMicroseconds} us", item.Processor <= TargetMicroseconds),
        new Finding(
            $"workflow, item of a fan-out of {Target}, allocated / a job", $"{item.Bytes / 1024:f1} KiB", $"{job.Bytes / 1024:f1} KiB",
            $"{item.Bytes / job.Bytes:f2}", $"<= {TargetKibibytes} KiB", item.Bytes <= TargetKibibytes * 1024),
    ];

    private static async Task<JobCost> RunRoundAsync(
        WorkflowDefinition definition, int size, bool isOverInput, CancellationToken cancellationToken)
    {
        var instances = Math.Max(1, StepsARound / size);
        await using var harness = new JobTestHarness(new JobTestHarnessOptions
        {
            Assemblies = [typeof(StepJob).Assembly, typeof(BuiltInServices).Assembly],
            ConfigureServices = services => services.AddBuiltInJobs(new ConfigurationBuilder().Build()).AddWorkflow(definition),
            MaxDeliveries = int.MaxValue,
        });
        var input = isOverInput ? Enumerable.Range(0, size).ToArray() : [];
        var ids = new List<string>();
        var cost = await JobCost.OfAsync(instances * size, async () =>
        {
            for (var i = 0; i < instances; i++)
            {
                ids.Add(await harness.StartWorkflowAsync(definition.Name, input, cancellationToken: cancellationToken));
                await harness.RunUntilIdleAsync(cancellationToken);
            }
        });
        foreach (var id in ids)
        {
            if ((await harness.WorkflowRuntime.ReadAsync(id, cancellationToken))!.State is not { Status: WorkflowStatus.Completed } state)
                throw new InvalidOperationException("A workflow did not complete.");
            if (state.Steps[^1] is { Items: > 0 } each && each.Done != size)
                throw new InvalidOperationException($"{each.Done} of {size} items succeeded.");
        }

        return cost;
    }
}
