using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Enqueueing;

/// <summary>Distributes jobs over packs, per queue, up to the limits of a message.</summary>
/// <param name="most">The maximum number of jobs in a pack.</param>
internal sealed class JobPacker(int most = JobLimits.MaxPackedJobs)
{
    private const int EnvelopeBytes = 64;

    private readonly List<Pack> _packs = [];

    public IReadOnlyList<Pack> Packs => _packs;

    /// <summary>Adds a job to a pack. Returns false when the job is too large to share a message.</summary>
    public bool TryAdd(string queue, JobSpec spec, int index)
    {
        var size = JobMessageWriter.Write(default, 1, spec).Length + 1;
        if (size > JobLimits.MaxMessageBytes - EnvelopeBytes)
            return false;
        var pack = _packs.FindLast(p => p.Queue == queue);
        if (pack is null || pack.Jobs.Count == Math.Min(most, JobLimits.MaxPackedJobs) || pack.Bytes + size > JobLimits.MaxMessageBytes)
            _packs.Add(pack = new Pack(queue));
        pack.Jobs.Add((spec, index));
        pack.Bytes += size;
        return true;
    }

    internal sealed class Pack(string queue)
    {
        public string Queue { get; } = queue;

        public List<(JobSpec Spec, int Index)> Jobs { get; } = [];

        public int Bytes { get; set; } = EnvelopeBytes;
    }
}
