namespace JobPipeline.BuiltIn.Web.Outbound;

/// <summary>What an address is for, as far as a job that calls it is concerned.</summary>
internal enum AddressKind
{
    /// <summary>Anyone's on the internet.</summary>
    Public,

    Loopback,

    Private,

    /// <summary>The link's own: where clouds keep their instance metadata.</summary>
    LinkLocal,

    /// <summary>A carrier's own, 100.64.0.0/10.</summary>
    Shared,

    /// <summary>A cloud's service for its own machines that has a public number: Azure's 168.63.129.16.</summary>
    CloudPlatform,

    /// <summary>Documentation, benchmarks, protocol assignments and whatever is not given out yet.</summary>
    Reserved,

    /// <summary>"This host": some systems dial loopback for it. Nothing allows it.</summary>
    Unspecified,

    /// <summary>Never one peer: nothing allows it.</summary>
    Multicast,

    /// <summary>Never one peer: nothing allows it.</summary>
    Broadcast,
}
