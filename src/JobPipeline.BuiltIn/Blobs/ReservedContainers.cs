using Microsoft.Extensions.Configuration;

namespace JobPipeline.BuiltIn.Blobs;

/// <summary>Containers of the pipeline and of the Functions host, which copies leave alone: a payload must not be able to rewrite jobs or to read keys.</summary>
internal sealed class ReservedContainers(string prefix)
{
    // The Functions host keeps its keys and leases in containers of this name.
    private const string HostPrefix = "azure-webjobs-";
    private readonly string _payloads = prefix.ToLowerInvariant() + "payloads";

    public static ReservedContainers From(IConfiguration configuration) => new(configuration["JobPipeline:Storage:Prefix"] ?? "");

    public bool Contains(string container) => container == _payloads || container.StartsWith(HostPrefix, StringComparison.Ordinal);
}
