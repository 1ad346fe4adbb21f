using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// The client of Durable Functions for what runs outside of a function's own parameters. The worker gives it to functions
/// only, by a binding; whoever may come to need it hands it over here first. It is the same one in all of them.
/// </summary>
public sealed class DurableClients
{
    private volatile DurableTaskClient? _client;

    public void Use(DurableTaskClient client) => _client = client;

    /// <summary>The same, on the way to what may need it.</summary>
    public T Use<T>(DurableTaskClient client, T next)
    {
        Use(client);
        return next;
    }

    /// <exception cref="InvalidOperationException">No function with the binding has run in this process.</exception>
    public DurableTaskClient Current =>
        _client ?? throw new InvalidOperationException("Workflows were used by a function that has no [DurableClient] parameter, before any that has one: give it one and hand it to DurableClients.Use.");
}
