using JobPipeline.Benchmarks.Jobs;
using JobPipeline.Benchmarks.Storage;
using JobPipeline.Integration.Tests.Operations;
using JobPipeline.Jobs;
using JobPipeline.Workflows.Machine;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>
/// The self-host with all of its background services. The end of a workflow is observed by a second one that runs nothing.
/// </summary>
internal sealed class PipelineSide : IContestant
{
    private const string Single = "single:";
    private const string Bulk = "bulk";

    private readonly PipelineUnderTest _pipeline;
    private readonly PipelineUnderTest _observer;

    private PipelineSide(PipelineUnderTest pipeline, PipelineUnderTest observer) => (_pipeline, _observer) = (pipeline, observer);

    public string Name => "ours";

    public OperationCounter Operations => _pipeline.Operations;

    public HandledWork Handled => _pipeline.Handled;

    public StartClock Clock => _pipeline.Clock;

    /// <param name="connection">The storage connection string.</param>
    /// <param name="prefix">The prefix of its tables and queues.</param>
    /// <param name="cancellationToken">The token to cancel the start.</param>
    public static async Task<PipelineSide> StartAsync(string connection, string prefix, CancellationToken cancellationToken)
    {
        var pipeline = await PipelineUnderTest.CreateAsync(connection, prefix, cancellationToken);
        var observer = await PipelineUnderTest.CreateAsync(connection, prefix, cancellationToken);
        await pipeline.StartAsync(cancellationToken);
        return new PipelineSide(pipeline, observer);
    }

    public Task<string> StartChainAsync(int steps, CancellationToken cancellationToken) =>
        _pipeline.Workflows.StartAsync(BenchWorkflows.ChainOf(steps), 0, cancellationToken: cancellationToken);

    public Task<string> StartFanOutAsync(int items, CancellationToken cancellationToken) =>
        StartFanOutAsync(BenchWorkflows.QuickFanOut, items, cancellationToken);

    public Task<string> StartFanOutAsync(string workflow, int items, CancellationToken cancellationToken) =>
        _pipeline.Workflows.StartAsync(workflow, Enumerable.Range(0, items).ToArray(), cancellationToken: cancellationToken);

    public async Task<string> StartSingleAsync(int number, CancellationToken cancellationToken) =>
        Single + (await _pipeline.Jobs.EnqueueAsync(JobRequest.For(WorkJob.Type, new StepPayload(number)), cancellationToken)).Id;

    public async Task<string> StartBulkAsync(int jobs, CancellationToken cancellationToken)
    {
        var requests = Enumerable.Range(0, jobs).Select(number => JobRequest.For(QuickWorkJob.Type, new StepPayload(number)));
        await _pipeline.Jobs.EnqueueManyAsync([.. requests], cancellationToken);
        return Bulk;
    }

    public async Task<string> StartWaitingAsync(CancellationToken cancellationToken)
    {
        var id = await _pipeline.Workflows.StartAsync(BenchWorkflows.Waiting, 0, cancellationToken: cancellationToken);
        while ((await _observer.Runtime.ReadAsync(id, cancellationToken))!.State.Steps[0].Status != StepStatus.Running)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        return id;
    }

    public Task RaiseAsync(string id, CancellationToken cancellationToken) =>
        _pipeline.Workflows.RaiseEventAsync(id, BenchWorkflows.Event, 1, cancellationToken);

    public async Task<bool> HasCompletedAsync(string id, CancellationToken cancellationToken)
    {
        // Thousands of jobs are not read one by one: their messages were deleted after their outcome was recorded.
        if (id == Bulk)
            return Operations["delete message"] >= Operations["send message"];
        if (id.StartsWith(Single, StringComparison.Ordinal))
            return await HasSucceededAsync(JobId.Parse(id[Single.Length..]), cancellationToken);
        var status = (await _observer.Runtime.ReadAsync(id, cancellationToken))!.State.Status;
        return status.IsTerminal() && status != WorkflowStatus.Completed
            ? throw new InvalidOperationException($"The workflow instance ended as {status}.")
            : status == WorkflowStatus.Completed;
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.StopAsync();
        await _pipeline.DisposeAsync();
        await _observer.DisposeAsync();
    }

    private async Task<bool> HasSucceededAsync(JobId id, CancellationToken cancellationToken) =>
        (await _observer.Store.ReadAsync(id, cancellationToken)).Record?.Status.State == JobState.Succeeded;
}
