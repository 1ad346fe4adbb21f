using System.Text;
using JobPipeline.AzureStorage;
using JobPipeline.Integration.Tests.Support;
using JobPipeline.Limits.Pauses;
using JobPipeline.SelfHost.Listening;
using JobPipeline.Workflows.Definitions;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobPipeline.Integration.Tests.Operations;

/// <summary>The storage operations of the steps of a workflow on the self-host (docs/performance.md, ADR 21 to 23).</summary>
[Slow]
public sealed class WorkflowCountTests(SharedAzurite azurite)
{
    private const int Links = 40;
    private const int Items = 60;

    /// <summary>The messages that quick items share, eight each.</summary>
    private const int QuickMessages = (Items + 7) / 8;

    /// <summary>The requests of a start and an end: index, instance and input; the event of the start; output and index.</summary>
    private const int Frame = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chain_OfManyLinks_SendsOneMessageAndCommitsThreeTimesALink()
    {
        var chain = new WorkflowBuilder("chain");
        for (var i = 0; i < Links; i++)
        {
            var earlier = i == 0 ? null : $"s{i - 1}";
            chain.Job($"s{i}", "nothing", new { after = earlier is null ? "" : $"${{{{ steps.{earlier}.output }}}}" }, step =>
            {
                if (earlier is not null)
                    step.Needs(earlier);
            });
        }

        var counter = await RunAsync(chain.Build(), Links);

        Assert.Equal(Links + 1, counter["send message"]);
        Assert.Equal(0, counter["hide message"]);
        Assert.Equal(0, counter["read rows"]);
        // Claim, completion, and the state with the output; a record where the message was not delivered in this process.
        Assert.InRange(counter["commit rows"], 1, (4 * Links) + Frame);
        // The instance and the outputs are not read.
        Assert.InRange(counter["GET other"], 0, Frame);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(Items)]
    public async Task FanOut_OfManyItems_NeedsNoEventMessagesAndNoReadPerItem(int maxParallel)
    {
        var counter = await RunAsync(FanOut("nothing", maxParallel), Items);

        Assert.Equal(Items + 1, counter["send message"]);
        Assert.Equal(0, counter["read rows"]);
        Assert.InRange(counter["commit rows"], 1, (4 * Items) + Frame);
        // Items that are sent together are read by one query; the later ones are sent as others end.
        Assert.InRange(counter["GET other"], 0, Items - maxParallel + Frame);
    }

    [Fact]
    public async Task FanOut_OfQuickItems_NeedsOneOperationAnItem()
    {
        var counter = await RunAsync(FanOut("nothing.quick", Items), QuickMessages);

        Assert.Equal(QuickMessages + 1, counter["send message"]);
        Assert.Equal(0, counter["read rows"]);
        Assert.InRange(counter["GET other"], 0, Frame);
        Assert.InRange(counter.Total - counter["receive messages"], 1, Items + Frame);
    }

    private static WorkflowDefinition FanOut(string job, int maxParallel) => new WorkflowBuilder("fan-out")
        .ForEach("all", "${{ input.list }}", job, payload: new { after = "${{ item }}" }, maxParallel: maxParallel)
        .Build();

    /// <summary>Runs a workflow to its end and returns the requests from its start on.</summary>
    /// <param name="definition">The workflow.</param>
    /// <param name="messages">The number of messages that its jobs are sent in.</param>
    private async Task<OperationCounter> RunAsync(WorkflowDefinition definition, int messages)
    {
        var counter = new OperationCounter();
        await using var host = await InProcessHost.CreateAsync(
            azurite.ConnectionString,
            azurite.NewPrefix(),
            services => services.Configure<AzureStorageOptions>(options => options.ConfigureClient = counter.Attach),
            typeof(NothingJob).Assembly);
        var events = host.Get<IEnumerable<IHostedService>>().OfType<WorkflowListener>().Single();
        await host.Listener.StartAsync(Token);
        await events.StartAsync(Token);
        // A whole host reads them when it starts.
        await host.Get<PauseRegistry>().RefreshAsync(Token);
        counter.Reset();
        var ended = counter.WhenReachedAsync("delete message", messages + 1);

        var list = string.Join(',', Enumerable.Range(0, Items).Select(i => $"\"{i}\""));
        await host.Get<IWorkflowRuntime>().StartAsync(
            definition, "a-workflow", Encoding.UTF8.GetBytes($"{{ \"list\": [{list}] }}"), correlationId: null, Token);
        await ended.WaitAsync(TimeSpan.FromMinutes(3), Token);

        await host.Listener.StopAsync(Token);
        await events.StopAsync(Token);
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", counter.All.Select(entry => $"{entry.Key} {entry.Value}")));
        return counter;
    }
}
