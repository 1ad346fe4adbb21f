using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using JobPipeline.Jobs;
using JobPipeline.TestTools.Azurite;
using JobPipeline.TestTools.Processes;
using Spectre.Console;

namespace JobPipeline.Demo.Show;

/// <summary>Runs the demo from its first message to its result, on its own storage.</summary>
internal sealed class DemoRun(AzuriteProcess azurite, Uri address)
{
    private const int LogWidth = 160;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly List<string> _output = [];

    /// <summary>Returns 0 if every message and the workflow ended as expected.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = LogWidth;
        AnsiConsole.MarkupLine("[grey]Starting Azurite and the self-host ...[/]");
        await using var azurite = await AzuriteProcess.StartAsync(cancellationToken: cancellationToken);
        return await new DemoRun(azurite, HostProcess.FreeAddress()).PlayAsync(cancellationToken);
    }

    private async Task<int> PlayAsync(CancellationToken cancellationToken)
    {
        using var api = new HttpClient { BaseAddress = address };
        var first = await StartHostAsync(cancellationToken);
        var queue = new QueueClient(azurite.ConnectionString, PriorityQueues.Normal);
        var messages = new List<SampleMessage>();
        foreach (var message in SampleMessages.All)
            messages.Add(await message.DropAsync(queue, cancellationToken));
        var weather = new WeatherReport(api, new BlobServiceClient(azurite.ConnectionString));
        await weather.StartAsync(cancellationToken);
        AnsiConsole.MarkupLine(
            $"[grey]Dropped {messages.Count} messages on the queue '{PriorityQueues.Normal}' and started a workflow; "
                + $"the API listens at {address}[/]");

        var reports = new JobReport[messages.Count];
        Array.Fill(reports, JobReport.Waiting);
        var host = first;
        try
        {
            await AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn())
                .StartAsync(async progress =>
                {
                    var bars = messages.ConvertAll(message => progress.AddTask(message.Name, maxValue: 1));
                    bars.Add(progress.AddTask("workflow", maxValue: 1));
                    await WatchUntilAsync(
                        api,
                        messages,
                        reports,
                        weather,
                        bars,
                        () => reports[IndexOf(messages)] is { Total: { } bytes } import && import.Done * 2 >= bytes,
                        cancellationToken);
                    host.Kill();
                    host.Dispose();
                    AnsiConsole.MarkupLine(
                        $"[yellow]Killed the host half-way through '{SampleMessages.CutOff}' "
                            + $"and the workflow ({Markup.Escape(weather.Now)}); "
                            + "starting another one[/]");
                    host = await StartHostAsync(cancellationToken);
                    await WatchUntilAsync(
                        api,
                        messages,
                        reports,
                        weather,
                        bars,
                        () => weather.IsWaiting && Array.TrueForAll(reports, report => report.HasEnded),
                        cancellationToken);
                    if (!weather.HasEnded)
                    {
                        AnsiConsole.MarkupLine("[yellow]The workflow waits for approval; approving[/]");
                        await weather.ApproveAsync(cancellationToken);
                    }

                    await WatchUntilAsync(api, messages, reports, weather, bars, () => weather.HasEnded, cancellationToken);
                });
            var isAsExpected = Conclude(messages, reports);
            return await weather.ConcludeAsync(cancellationToken) && isAsExpected ? 0 : 1;
        }
        finally
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private async Task<HostProcess> StartHostAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await HostProcess.StartAsync(
                [typeof(DemoRun).Assembly.Location, "host"], Settings(), address, _output.Add, cancellationToken: cancellationToken);
        }
        catch (InvalidOperationException)
        {
            _output.ForEach(Console.Error.WriteLine);
            throw;
        }
    }

    private string[] Settings() =>
    [
        $"JobPipeline:Storage:ConnectionString={azurite.ConnectionString}",
        $"JobPipeline:BuiltIn:FileRoots:0={Path.Combine(AppContext.BaseDirectory, "data")}",
        // Short, so that the second host does not wait a minute for the jobs of the first one.
        "JobPipeline:Lease=00:00:05",
        "Logging:LogLevel:Default=Warning",
    ];

    private static async Task WatchUntilAsync(
        HttpClient api,
        List<SampleMessage> messages,
        JobReport[] reports,
        WeatherReport weather,
        List<ProgressTask> bars,
        Func<bool> isReached,
        CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!isReached())
        {
            for (var i = 0; i < messages.Count; i++)
            {
                if (reports[i].HasEnded)
                    continue;
                var report = reports[i] = await JobReport.FetchAsync(api, messages[i].Id, patience.Token);
                var progress = report.Done > 0 ? $" {report.Done}{(report.Total is { } all ? $"/{all}" : "")}" : "";
                bars[i].Description = $"{Markup.Escape(messages[i].Name)} [grey]{report.State}{progress}[/]";
                bars[i].MaxValue = Math.Max(1, report.Total ?? 1);
                bars[i].Value = report.HasEnded ? bars[i].MaxValue : report.Total is null ? 0 : report.Done;
            }

            await weather.LookAsync(patience.Token);
            bars[^1].Description = $"workflow [grey]{Markup.Escape(weather.HasEnded ? "ended" : weather.Now)}[/]";
            (bars[^1].MaxValue, bars[^1].Value) = (Math.Max(1, weather.StepCount), weather.StepsDone);
            await Task.Delay(LookInterval, TimeProvider.System, patience.Token);
        }
    }

    private static int IndexOf(List<SampleMessage> messages) => messages.FindIndex(message => message.Name == SampleMessages.CutOff);

    private static bool Conclude(List<SampleMessage> messages, JobReport[] reports)
    {
        var table = new Table().AddColumns("Job", "State", "Attempts", "Duration", "Result");
        table.Columns[1].NoWrap();
        table.Columns[3].NoWrap();
        var isAsExpected = true;
        for (var i = 0; i < messages.Count; i++)
        {
            var error = messages[i].Expectation(reports[i]);
            isAsExpected &= error is null;
            table.AddRow(
                $"{(error is null ? "[green]ok[/]" : "[red]!![/]")} {Markup.Escape(messages[i].Name)}",
                reports[i].State,
                $"{reports[i].Attempts}{(reports[i].Deaths > 0 ? $" ({reports[i].Deaths} worker killed)" : "")}",
                reports[i].Duration is { } duration ? $"{duration.TotalSeconds:f2} s" : "-",
                Markup.Escape(reports[i].Summary) + (error is null ? "" : $" [red]({Markup.Escape(error)})[/]"));
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(isAsExpected ? "[green]Every job ended as expected.[/]" : "[red]Not every job ended as expected.[/]");
        return isAsExpected;
    }
}
