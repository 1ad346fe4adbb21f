using JobPipeline.Jobs;
using JobPipeline.Limits.Governor;

namespace JobPipeline.Functions.Queues;

/// <summary>
/// Holds an execution of a function while memory is short. The host has already delivered the message and would deliver the next ones if
/// this one were put back, until the whole backlog had been through this process; so it is held until there is room, or until the time that
/// its job may take would not fit into the execution any more.
/// </summary>
public sealed class FunctionSlots
{
    /// <summary>The longest hold, also where executions have no time limit.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(30);

    /// <summary>The delay of a job that was held in vain, at least and at most.</summary>
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(5), LongestDelay = TimeSpan.FromSeconds(30);

    private readonly ResourceGovernor _governor;
    private readonly TimeProvider _time;

    internal FunctionSlots(ResourceGovernor governor, TimeProvider time) => (_governor, _time) = (governor, time);

    /// <summary>Whether slots are limited at all.</summary>
    internal bool IsLimited => _governor.IsEnabled;

    /// <summary>Runs when there is room, or when the host stops; else returns what <paramref name="defer"/> does.</summary>
    /// <param name="name">Spreads the delays of several executions.</param>
    /// <param name="needed">Returns the time that the job may take.</param>
    /// <param name="endBy">When the execution must have ended; null for no limit.</param>
    /// <param name="run">Runs the job.</param>
    /// <param name="defer">Puts the job back until a time.</param>
    /// <param name="stopping">Cancelled when the host stops: then nothing is held, because the job is put back at once.</param>
    internal async Task<T> RunAsync<T>(
        string name,
        Func<TimeSpan> needed,
        DateTimeOffset? endBy,
        Func<Task<T>> run,
        Func<DateTimeOffset, Task<T>> defer,
        CancellationToken stopping)
    {
        if (!_governor.TryStart() && !await HoldAsync(needed(), endBy, stopping))
        {
            return stopping.IsCancellationRequested
                ? await run()
                : await defer(_time.GetUtcNow() + ShortestDelay + ((LongestDelay - ShortestDelay) * Jitter.Of(name, 0)));
        }

        try
        {
            return await run();
        }
        finally
        {
            _governor.End();
        }
    }

    /// <summary>Returns whether a slot was taken.</summary>
    private async Task<bool> HoldAsync(TimeSpan needed, DateTimeOffset? endBy, CancellationToken stopping)
    {
        var hold = endBy is { } end && end - _time.GetUtcNow() - needed is var left && left < LongestHold ? left : LongestHold;
        if (hold <= TimeSpan.Zero)
            return false;
        using var over = new CancellationTokenSource(hold, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        try
        {
            do
            {
                await _governor.WaitForRoomAsync(either.Token);
            }
            while (!_governor.TryStart());
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
