using System.Text.Json;

namespace JobPipeline.DurableEngine;

/// <summary>
/// The waiters for events, by event name. The newest waiter receives an event first; a cancelled or abandoned waiter stays
/// registered and consumes the event that it receives.
/// </summary>
internal sealed class EventWaiters(JsonSerializerOptions json)
{
    private readonly Dictionary<string, Stack<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEntry.Raised> _unclaimed = [];

    public bool HasLive => _waiters.Values.Any(stack => stack.Any(waiter => !waiter.IsCompleted()));

    public Task<T> WaitAsync<T>(string name, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource<T>();
        if (!_waiters.TryGetValue(name, out var stack))
            _waiters.Add(name, stack = []);
        if (stack.TryPeek(out var older) && older.Type != typeof(T))
            throw new ArgumentException($"Event '{name}' is waited for as {older.Type} already, and now as {typeof(T)}.", nameof(name));
        stack.Push(
            new Waiter(typeof(T), payload => source.TrySetResult(DurableJson.Read<T>(payload, json)!), () => source.Task.IsCompleted));
        if (_unclaimed.FindIndex(raised => Is(raised, name)) is >= 0 and var first)
        {
            var raised = _unclaimed[first];
            _unclaimed.RemoveAt(first);
            Take(raised);
        }

        cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        return source.Task;
    }

    public void Take(HistoryEntry.Raised raised)
    {
        if (_waiters.TryGetValue(raised.Name, out var stack) && stack.TryPop(out var waiter))
            waiter.TrySetResult(raised.Payload);
        else
            _unclaimed.Add(raised);
    }

    public IReadOnlyList<HistoryEntry.Raised> TakeUnclaimed()
    {
        var all = _unclaimed.ToList();
        _unclaimed.Clear();
        return all;
    }

    private static bool Is(HistoryEntry.Raised raised, string name) => string.Equals(raised.Name, name, StringComparison.OrdinalIgnoreCase);

    private sealed record Waiter(Type Type, Action<string?> TrySetResult, Func<bool> IsCompleted);
}
