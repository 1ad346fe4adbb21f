namespace JobPipeline.Limits;

/// <summary>
/// The one door that every start passes: all gates, in order, before the claim. The first one that is closed decides, and the
/// permits of those before it are returned.
/// </summary>
internal sealed class StartGates(IEnumerable<IStartGate> gates)
{
    private readonly IStartGate[] _gates = [.. gates.OrderBy(gate => gate.Order)];

    /// <summary>Asks for one start. The permit of an open answer stands for those of all gates.</summary>
    public async ValueTask<GateDecision> AskAsync(StartRequest request, CancellationToken cancellationToken)
    {
        StartPermits? permits = null;
        try
        {
            foreach (var gate in _gates)
            {
                var decision = await gate.AskAsync(request, cancellationToken);
                if (decision is GateDecision.Open { Permit: { } permit })
                    (permits ??= new StartPermits()).Add(permit);
                if (decision is GateDecision.Closed or GateDecision.Parked)
                    return decision;
            }

            var open = permits is null ? GateDecision.Open.WithoutPermit : new GateDecision.Open(permits);
            permits = null;
            return open;
        }
        finally
        {
            // A gate was closed, or failed to decide.
            if (permits is not null)
                await permits.ReturnAsync();
        }
    }
}
