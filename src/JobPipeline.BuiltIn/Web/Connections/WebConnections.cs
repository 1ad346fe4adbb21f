using JobPipeline.Handlers;
using Microsoft.Extensions.Options;

namespace JobPipeline.BuiltIn.Web.Connections;

/// <summary>The named connections of the configuration.</summary>
internal sealed class WebConnections(IOptions<BuiltInOptions> options)
{
    private readonly Dictionary<string, WebConnection> _connections = options.Value.Connections.ToDictionary(
        entry => entry.Key, entry => new WebConnection(entry.Key, entry.Value), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="JobRejectedException">The connection is not configured.</exception>
    public WebConnection Find(string name) => _connections.GetValueOrDefault(name)
        ?? throw new JobRejectedException(
            $"Connection '{name}' is not configured in {BuiltInOptions.Section}:{nameof(BuiltInOptions.Connections)}.");
}
