using JobPipeline.Failures.ErrorGroups;
using JobPipeline.Testing;

namespace JobPipeline.Tests.Rig;

/// <summary>Error groups in memory. Records every operation, and can make it fail before or after it takes effect.</summary>
internal sealed class TracedErrorGroups : IErrorGroupStore
{
    public InMemoryErrorGroupStore Store { get; } = new();

    /// <summary>The calls in order: <c>read</c>, <c>write</c>, <c>list</c>, <c>remove</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Returns true for a call that fails without effect.</summary>
    public Func<string, bool> FailsBefore { get; set; } = static _ => false;

    /// <summary>Returns true for a call whose response is lost.</summary>
    public Func<string, bool> FailsAfter { get; set; } = static _ => false;

    /// <summary>Awaited before a call takes effect, so that another caller can be faster.</summary>
    public Func<string, Task> Before { get; set; } = static _ => Task.CompletedTask;

    public Task<ErrorGroup?> ReadAsync(string id, CancellationToken cancellationToken) =>
        CallAsync("read", () => Store.ReadAsync(id, cancellationToken));

    public Task<string?> TryWriteAsync(ErrorGroup? before, ErrorGroup after, CancellationToken cancellationToken) =>
        CallAsync("write", () => Store.TryWriteAsync(before, after, cancellationToken));

    public Task<ErrorGroupPage> ListAsync(
        ErrorGroupFilter filter,
        ErrorGroupPlace? after,
        int limit,
        CancellationToken cancellationToken
    ) => CallAsync("list", () => Store.ListAsync(filter, after, limit, cancellationToken));

    public Task<bool> TryRemoveAsync(ErrorGroup group, CancellationToken cancellationToken) =>
        CallAsync("remove", () => Store.TryRemoveAsync(group, cancellationToken));

    private async Task<T> CallAsync<T>(string call, Func<Task<T>> operate)
    {
        lock (Calls)
            Calls.Add(call);
        await Before(call);
        if (FailsBefore(call))
            throw new IOException($"no answer to '{call}'");
        var result = await operate();
        return FailsAfter(call) ? throw new IOException($"the answer to '{call}' was lost") : result;
    }
}
