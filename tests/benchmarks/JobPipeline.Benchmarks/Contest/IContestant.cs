using JobPipeline.Integration.Tests.Operations;

namespace JobPipeline.Benchmarks.Contest;

/// <summary>One side of a comparison: a running worker on the emulator that starts the same workflows as the other side.</summary>
internal interface IContestant : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The requests of the worker. Those that only observe the end of a workflow are not among them.</summary>
    OperationCounter Operations { get; }

    HandledWork Handled { get; }

    /// <summary>Starts one workflow of steps that run one after the other, each with the output of the one before.</summary>
    Task<string> StartChainAsync(int steps, CancellationToken cancellationToken);

    /// <summary>Starts one workflow that runs a job for each item of a list and waits for all.</summary>
    Task<string> StartFanOutAsync(int items, CancellationToken cancellationToken);

    /// <summary>Starts one unit of work that is tracked by itself.</summary>
    Task<string> StartSingleAsync(int number, CancellationToken cancellationToken);

    /// <summary>Starts one workflow that waits for an event and then runs a step; completes when it waits.</summary>
    Task<string> StartWaitingAsync(CancellationToken cancellationToken);

    /// <summary>Raises the event that the workflow waits for.</summary>
    Task RaiseAsync(string id, CancellationToken cancellationToken);

    /// <summary>Whether the workflow has completed. Throws if it ended in another way.</summary>
    Task<bool> HasCompletedAsync(string id, CancellationToken cancellationToken);
}
