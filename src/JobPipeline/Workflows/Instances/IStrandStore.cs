namespace JobPipeline.Workflows.Instances;

/// <summary>
/// Stores the claims of strands, and the requests to a workflow instance that end its strand early. Both are deleted with the
/// workflow instance.
/// </summary>
internal interface IStrandStore
{
    /// <summary>Reads the claim of a strand; null if it does not exist.</summary>
    Task<StrandClaim?> ReadAsync(string instance, string strand, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts a claim that has no version, or replaces one whose stored version is unchanged. Returns the new version, or null if the
    /// claim already exists, was changed or was deleted.
    /// </summary>
    Task<string?> TryWriteAsync(string instance, string strand, StrandClaim claim, CancellationToken cancellationToken);

    /// <summary>Notes a request on the row of a workflow instance before it is sent. No effect if the row does not exist.</summary>
    /// <param name="instance">The id of the workflow instance.</param>
    /// <param name="request">The id of the request.</param>
    /// <param name="known">The ids of requests that are known to be applied, which are removed.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task NoteRequestAsync(
        string instance, string request, IReadOnlyCollection<string> known, CancellationToken cancellationToken);

    /// <summary>Reads the ids of the noted requests.</summary>
    Task<IReadOnlyList<string>> ReadRequestsAsync(string instance, CancellationToken cancellationToken);
}

/// <summary>The claim of a strand.</summary>
/// <param name="ClaimId">The id of the claim: that of one copy of the strand.</param>
/// <param name="LeaseUntil">Until when other copies wait for this one.</param>
internal sealed record StrandClaim(Guid ClaimId, DateTimeOffset LeaseUntil)
{
    /// <summary>The maximum number of noted requests.</summary>
    public const int MaxRequests = 20;

    /// <summary>What the strand has answered, as JSON; empty while it is out.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }

    /// <summary>The version in the store; null before it is stored.</summary>
    public string? Version { get; init; }

    /// <summary>Adds a request to those that are noted.</summary>
    public static IReadOnlyList<string> Note(IEnumerable<string> noted, string request, IReadOnlyCollection<string> known) =>
        [.. noted.Except(known, StringComparer.Ordinal).TakeLast(MaxRequests - 1), request];
}
