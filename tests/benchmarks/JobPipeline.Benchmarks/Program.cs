using System.CommandLine;
using JobPipeline.Benchmarks;
using JobPipeline.Benchmarks.Measures;
using JobPipeline.Benchmarks.Report;

IMeasure[] measures =
[
    new SingleJobs(), new BulkJobs(), new ExecutorInMemory(), new StartLatency(), new OperationsPerJob(), new WorkflowSteps(),
    new TelemetryCost(),
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
var command = new RootCommand("Compares the pipeline with the bare SDK and with peers; targets are printed, never asserted") { only };
command.SetAction(async (parsed, cancellationToken) =>
{
    var numbers = parsed.GetValue(only) is { Length: > 0 } chosen ? chosen : [.. Enumerable.Range(1, measures.Length)];
    var report = new BenchReport();
    foreach (var number in numbers.Order().Distinct())
    {
        Console.WriteLine($"{number}. {measures[number - 1].Title}");
        report.Add(number, await measures[number - 1].RunAsync(cancellationToken));
    }

    await report.PublishAsync(cancellationToken);
});
return await command.Parse(args).InvokeAsync();
