namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>The kind of an address, as far as outbound calls are concerned.</summary>
internal enum AddressKind
{
    /// <summary>A public address on the internet.</summary>
    Public,

    Loopback,

    Private,

    /// <summary>Link-local, where clouds serve their instance metadata.</summary>
    LinkLocal,

    /// <summary>Shared address space of a carrier, 100.64.0.0/10.</summary>
    Shared,

    /// <summary>A cloud's platform service that has a public address: Azure's 168.63.129.16.</summary>
    CloudPlatform,

    /// <summary>Documentation, benchmarks, protocol assignments and unassigned addresses.</summary>
    Reserved,

    /// <summary>"This host": some systems connect to loopback for it. No setting allows it.</summary>
    Unspecified,

    /// <summary>Multicast, never a single peer. No setting allows it.</summary>
    Multicast,

    /// <summary>Broadcast, never a single peer. No setting allows it.</summary>
    Broadcast,
}
