using System.CommandLine;
using JobPipeline.Benchmarks;
using JobPipeline.Benchmarks.Measures;
using JobPipeline.Benchmarks.Processes;
using JobPipeline.Benchmarks.Report;
using JobPipeline.Benchmarks.Scaling;

// Processes that the measures start.
if (args is [BenchHosts.Command, .. var hostArguments])
    return await BenchHosts.RunAsync(hostArguments);
if (args is [BareHost.Command, .. var bareArguments])
    return await BareHost.RunAsync(bareArguments);

IMeasure[] measures =
[
    new SingleJobs(), new BulkJobs(), new ExecutorInMemory(), new StartLatency(), new OperationsPerJob(), new WorkflowSteps(),
    new TelemetryCost(), new ChainBesideDurable(), new FanOutBesideDurable(200), new FanOutBesideDurable(1_000), new FanOutAtScale(),
    new ManyChainsBesideDurable(), new SinglesBesideDurable(), new EventLatency(), new IdleOperations(), new StartTime(),
    new ProcessMemory(), new LimitCost(), new BesideParkedJobs(),
];

var only = new Option<int[]>("--only")
{
    Description = $"The numbers of the measures to run, 1 to {measures.Length}; by default all",
    AllowMultipleArgumentsPerToken = true,
};
only.Validators.Add(result =>
{
    if (result.GetValue(only) is { } numbers && Array.Exists(numbers, number => number < 1 || number > measures.Length))
        result.AddError($"--only accepts numbers from 1 to {measures.Length}.");
});
var quick = new Option<bool>("--quick") { Description = "Fewer rounds and smaller sizes" };
var list = new Option<bool>("--list") { Description = "Lists the measures and their numbers" };
var simulate = new Option<bool>("--simulate") { Description = "Prints the table of docs/scaling.md instead of measuring" };
var command = new RootCommand("Compares the pipeline with the bare SDK and with peers; targets are printed, never asserted")
{
    only, quick, list, simulate,
};
command.SetAction(async (parsed, cancellationToken) =>
{
    if (parsed.GetValue(simulate))
    {
        Console.Write(ScalingTable.Write());
        return 0;
    }

    var numbers = parsed.GetValue(only) is { Length: > 0 } chosen ? chosen : [.. Enumerable.Range(1, measures.Length)];
    var scale = new BenchScale(parsed.GetValue(quick));
    var report = new BenchReport(Machine.Describe(scale));
    var failed = 0;
    foreach (var number in numbers.Order().Distinct())
    {
        Console.WriteLine($"{number}. {measures[number - 1].Title}");
        if (parsed.GetValue(list))
            continue;
        try
        {
            report.Add(number, await measures[number - 1].RunAsync(scale, cancellationToken));
            await report.SaveAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The other measures take long: their results are kept.
            Console.Error.WriteLine($"Measure {number} failed: {e}");
            failed = 1;
        }
    }

    if (!parsed.GetValue(list))
        report.Print();
    return failed;
});
return await command.Parse(args).InvokeAsync();
