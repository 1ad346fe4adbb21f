using Microsoft.DurableTask.Client;

namespace JobPipeline.Functions.Durable;

/// <summary>
/// Provides the Durable Functions client to code outside of a function's own parameters. The worker passes the client only to
/// functions, through a binding; a function whose work may need the client must register it here first. All functions have the
/// same client.
/// </summary>
public sealed class DurableClients
{
    private volatile DurableTaskClient? _client;

    public void Use(DurableTaskClient client) => _client = client;

    /// <summary>Registers the client and returns <paramref name="next"/>, which may need it.</summary>
    public T Use<T>(DurableTaskClient client, T next)
    {
        Use(client);
        return next;
    }

    /// <exception cref="InvalidOperationException">No function with the binding has run in this process.</exception>
    public DurableTaskClient Current =>
        _client ?? throw new InvalidOperationException(
            "A function without a [DurableClient] parameter used workflows before any function with one had run. Add the parameter to the "
                + "function and pass the client to DurableClients.Use.");
}
