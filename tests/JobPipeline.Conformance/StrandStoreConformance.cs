using JobPipeline.Workflows.Instances;

namespace JobPipeline.Conformance;

/// <summary>The contract of <see cref="IStrandStore"/>.</summary>
public abstract class StrandStoreConformance : Suite
{
    private static readonly DateTimeOffset Lease = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly string _instance = $"strand-{Guid.NewGuid():N}";

    private protected abstract IStrandStore Strands { get; }

    private protected abstract IWorkflowStore Store { get; }

    [Fact]
    public async Task Claim_OfSeveralCopies_IsInsertedOnce()
    {
        var claims = Enumerable.Range(0, 5).Select(_ => new StrandClaim(Guid.NewGuid(), Lease)).ToList();

        var versions = await Task.WhenAll(claims.Select(claim => Strands.TryWriteAsync(_instance, "a", claim, Token)));

        var winner = Array.FindIndex(versions, version => version is not null);
        Assert.Single(versions, version => version is not null);
        var read = await Strands.ReadAsync(_instance, "a", Token);
        Assert.Equal((claims[winner].ClaimId, Lease, versions[winner]), (read!.ClaimId, read.LeaseUntil, read.Version));
        Assert.True(read.Answer.IsEmpty);
        Assert.Null(await Strands.ReadAsync(_instance, "b", Token));
    }

    [Fact]
    public async Task Answer_UnderAnOldVersion_IsNotWritten()
    {
        var claim = new StrandClaim(Guid.NewGuid(), Lease);
        claim = claim with { Version = await Strands.TryWriteAsync(_instance, "a", claim, Token) };
        byte[] answer = [1, 2, 3];

        Assert.NotNull(await Strands.TryWriteAsync(_instance, "a", claim with { Answer = answer }, Token));
        Assert.Null(await Strands.TryWriteAsync(_instance, "a", claim with { Answer = new byte[] { 4 } }, Token));

        Assert.Equal(answer, (await Strands.ReadAsync(_instance, "a", Token))!.Answer.ToArray());
    }

    [Fact]
    public async Task Requests_ThatAreKnown_AreRemovedByTheNextOne()
    {
        await Store.TryWriteAsync(WorkflowSamples.Instance(_instance), Token);
        Assert.Empty(await Strands.ReadRequestsAsync(_instance, Token));

        await Strands.NoteRequestAsync(_instance, "a", [], Token);
        await Strands.NoteRequestAsync(_instance, "b", [], Token);
        Assert.Equal(["a", "b"], await Strands.ReadRequestsAsync(_instance, Token));

        await Strands.NoteRequestAsync(_instance, "c", ["a"], Token);
        Assert.Equal(["b", "c"], await Strands.ReadRequestsAsync(_instance, Token));
    }

    [Fact]
    public async Task Requests_AfterAWriteOfTheInstance_AreKept()
    {
        await Store.TryWriteAsync(WorkflowSamples.Instance(_instance), Token);
        await Strands.NoteRequestAsync(_instance, "a", [], Token);

        var read = (await Store.ReadAsync(_instance, Token))!;
        Assert.NotNull(await Store.TryWriteAsync(read with { CorrelationId = "changed" }, Token));

        Assert.Equal(["a"], await Strands.ReadRequestsAsync(_instance, Token));
    }

    [Fact]
    public async Task Request_OfAnUnknownInstance_IsNotNoted()
    {
        await Strands.NoteRequestAsync(_instance, "a", [], Token);

        Assert.Empty(await Strands.ReadRequestsAsync(_instance, Token));
    }
}
