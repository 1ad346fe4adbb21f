using JobPipeline.Limits.Meters;

namespace JobPipeline.Limits.Lots;

/// <summary>What a release turn sees of a gate, read together.</summary>
/// <param name="Meter">The meter; <see cref="Meters.Meter.Fresh"/> if it has no row.</param>
/// <param name="Version">The version of the lot, which every parking changes; null when the gate has no lot.</param>
/// <param name="Waiting">The first jobs without a grant, in order.</param>
/// <param name="Unstarted">Jobs with a grant that have not started; empty unless they were asked for.</param>
internal sealed record Lot(Meter Meter, string? Version, IReadOnlyList<ParkedJob> Waiting, IReadOnlyList<ParkedJob> Unstarted);
