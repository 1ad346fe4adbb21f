using System.Text.Json;
using JobPipeline.Configuration;
using JobPipeline.Jobs.Wire;
using JobPipeline.Workflows.Instances;
using Microsoft.Extensions.Options;

namespace JobPipeline.Workflows.Activities;

/// <summary>
/// Keeps the copies of a strand apart: only the one whose claim was inserted runs steps, and all of them give the one answer that was
/// recorded.
/// </summary>
internal sealed class StrandClaims(IStrandStore store, IOptions<JobPipelineOptions> options, TimeProvider time)
{
    /// <summary>Claims a strand, or returns the claim of another copy.</summary>
    public async Task<(StrandClaim Claim, bool IsMine)> TakeAsync(StrandInput strand)
    {
        var mine = new StrandClaim(Guid.NewGuid(), time.GetUtcNow() + options.Value.Lease);
        if (await store.TryWriteAsync(strand.Instance, strand.Name, mine, CancellationToken.None) is { } version)
            return (mine with { Version = version }, true);
        var there = await store.ReadAsync(strand.Instance, strand.Name, CancellationToken.None)
            ?? throw new IOException($"The claim of a strand of workflow {strand.Instance} was deleted.");
        // The same id: the response to the insert was lost.
        return (there, there.ClaimId == mine.ClaimId);
    }

    public Task<StrandClaim?> FindAsync(StrandInput strand) => store.ReadAsync(strand.Instance, strand.Name, CancellationToken.None);

    /// <summary>Returns the recorded answer, or one to wait while the lease lasts; null if the copy that claimed it is lost.</summary>
    public StrandAnswer? AnswerOf(StrandClaim claim) =>
        !claim.Answer.IsEmpty ? JsonSerializer.Deserialize<StrandAnswer>(claim.Answer.Span, JobJson.Options)
        : claim.LeaseUntil > time.GetUtcNow() ? StrandAnswer.Nothing with { WaitUntil = claim.LeaseUntil }
        : null;

    /// <summary>Records an answer, unless another copy has recorded one. Returns the answer that counts.</summary>
    public async Task<StrandAnswer> EndAsync(StrandInput strand, StrandClaim claim, StrandAnswer answer)
    {
        var ended = claim with { Answer = JsonSerializer.SerializeToUtf8Bytes(answer, JobJson.Options) };
        if (await store.TryWriteAsync(strand.Instance, strand.Name, ended, CancellationToken.None) is not null)
            return answer;
        // Only an ending changes a claim. It is gone with its workflow instance, and then no answer counts.
        return await FindAsync(strand) is { } there && AnswerOf(there) is { } recorded ? recorded : StrandAnswer.Nothing;
    }
}
