using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Lots;

/// <summary>Stores gates: a meter and the jobs that wait, in one partition each, and the index of the gates whose turn has come.</summary>
internal interface ILimitStore
{
    /// <summary>Reads the meter of a gate; <see cref="Meter.Fresh"/> if it has no row.</summary>
    Task<Meter> ReadMeterAsync(GateId gate, CancellationToken cancellationToken);

    /// <summary>Reads what a release turn needs, with one query, or two if jobs with a grant are asked for.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="max">The maximum number of waiting jobs, and of those with a grant.</param>
    /// <param name="withUnstarted">Whether jobs with a grant are read too.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task<Lot> ReadLotAsync(GateId gate, int max, bool withUnstarted, CancellationToken cancellationToken);

    /// <summary>Finds a parked job; null if it has no row.</summary>
    Task<ParkedJob?> FindAsync(GateId gate, ParkedKey key, CancellationToken cancellationToken);

    /// <summary>Lists places of a lot in order, without the jobs' messages, with one query.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="from">The first place, inclusive.</param>
    /// <param name="to">The end, exclusive; null for the end of the lot.</param>
    /// <param name="max">The maximum number of places, at most 1,000.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    Task<IReadOnlyList<ParkedJob>> ListAsync(
        GateId gate, ParkedKey from, ParkedKey? to, int max, CancellationToken cancellationToken);

    /// <summary>Removes a row that has not changed since it was read. Returns false if it has, or does not exist.</summary>
    Task<bool> TryRemoveAsync(GateId gate, ParkedJob job, CancellationToken cancellationToken);

    /// <summary>
    /// Applies a change in one transaction. Returns null if a condition did not hold. After an exception, the change may have been
    /// applied.
    /// </summary>
    Task<GateWrite?> TryWriteAsync(GateChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts rows into an open lot, in one transaction that does not touch the meter: parking needs no turn among instances. At most
    /// <see cref="GateChange.MaxRows"/> jobs.
    /// </summary>
    Task<ParkResult> ParkAsync(GateId gate, IReadOnlyList<ParkedJob> jobs, CancellationToken cancellationToken);

    /// <summary>Adds an entry to the due index; does nothing if it exists.</summary>
    Task AddDueAsync(DueGate due, CancellationToken cancellationToken);

    /// <summary>Removes an entry of the due index; does nothing if it does not exist.</summary>
    Task RemoveDueAsync(DueGate due, CancellationToken cancellationToken);

    /// <summary>Lists the first entries of the due index up to a time, in order of time, with one query.</summary>
    Task<IReadOnlyList<DueGate>> ListDueAsync(DateTimeOffset until, int max, CancellationToken cancellationToken);
}
