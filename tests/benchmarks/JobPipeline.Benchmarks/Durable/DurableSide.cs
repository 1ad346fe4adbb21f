using DurableTask.AzureStorage;
using DurableTask.Core;
using JobPipeline.Benchmarks.Contest;
using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.Integration.Tests.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobPipeline.Benchmarks.Durable;

/// <summary>
/// The Durable Task Framework's own worker on its Azure Storage provider, in this process. It has the self-host's concurrency and
/// longest poll interval, and the partition management that its authors recommend; the rest is its default.
/// </summary>
internal sealed class DurableSide : IContestant
{
    private readonly TaskHubWorker _worker;
    private readonly TaskHubClient _client;
    private readonly TaskHubClient _observer;

    private DurableSide(TaskHubWorker worker, TaskHubClient client, TaskHubClient observer, OperationCounter operations)
    {
        (_worker, _client, _observer, Operations) = (worker, client, observer, operations);
        worker.AddTaskOrchestrations(
            typeof(ChainOrchestration), typeof(FanOutOrchestration), typeof(SingleOrchestration), typeof(WaitingOrchestration));
        worker.AddTaskActivities(new WorkActivity(Handled), new ClockedActivity(Handled, Clock));
    }

    public string Name => "Durable Task Framework";

    public OperationCounter Operations { get; }

    public HandledWork Handled { get; } = new();

    public StartClock Clock { get; } = new();

    public static async Task<DurableSide> StartAsync(string connection, string hub, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var operations = new OperationCounter();
        var service = Service(connection, hub, operations);
        await service.CreateIfNotExistsAsync();
        var worker = new TaskHubWorker(service, NullLoggerFactory.Instance);
        var observer = new TaskHubClient(Service(connection, hub, new OperationCounter()), loggerFactory: NullLoggerFactory.Instance);
        var side = new DurableSide(
            worker, new TaskHubClient(service, loggerFactory: NullLoggerFactory.Instance), observer, operations);
        await worker.StartAsync();
        return side;
    }

    public Task<string> StartChainAsync(int steps, CancellationToken cancellationToken) =>
        StartAsync(typeof(ChainOrchestration), steps);

    public Task<string> StartFanOutAsync(int items, CancellationToken cancellationToken) =>
        StartAsync(typeof(FanOutOrchestration), items);

    public Task<string> StartSingleAsync(int number, CancellationToken cancellationToken) =>
        StartAsync(typeof(SingleOrchestration), number);

    public async Task<string> StartWaitingAsync(CancellationToken cancellationToken)
    {
        var id = await StartAsync(typeof(WaitingOrchestration), 0);
        while (await StatusAsync(id) != OrchestrationStatus.Running)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        return id;
    }

    public Task RaiseAsync(string id, CancellationToken cancellationToken) =>
        _client.RaiseEventAsync(new OrchestrationInstance { InstanceId = id }, BenchWorkflows.Event, 1);

    public async Task<bool> HasCompletedAsync(string id, CancellationToken cancellationToken) => await StatusAsync(id) switch
    {
        OrchestrationStatus.Completed => true,
        OrchestrationStatus.Pending or OrchestrationStatus.Running => false,
        var status => throw new InvalidOperationException($"The orchestration ended as {status}."),
    };

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(isForced: true);
        _worker.Dispose();
    }

    private static AzureStorageOrchestrationService Service(string connection, string hub, OperationCounter operations) =>
        new(new AzureStorageOrchestrationServiceSettings
        {
            TaskHubName = hub,
            StorageAccountClientProvider = CountedClients.Create(connection, operations),
            LoggerFactory = NullLoggerFactory.Instance,
            UseTablePartitionManagement = true,
            MaxConcurrentTaskActivityWorkItems = BareQueue.Concurrency,
            MaxQueuePollingInterval = BareQueue.LongestPoll,
        });

    private async Task<string> StartAsync(Type orchestration, object input) =>
        (await _client.CreateOrchestrationInstanceAsync(orchestration, input)).InstanceId;

    private async Task<OrchestrationStatus> StatusAsync(string id) =>
        (await _observer.GetOrchestrationStateAsync(id, allExecutions: false))[0].OrchestrationStatus;
}
