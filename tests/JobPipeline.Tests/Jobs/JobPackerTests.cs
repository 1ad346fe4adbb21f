using CsCheck;
using JobPipeline.Enqueueing;
using JobPipeline.Jobs;
using JobPipeline.Jobs.Wire;

namespace JobPipeline.Tests.Jobs;

public sealed class JobPackerTests
{
    [Fact]
    public void Packs_OfAnyJobs_AreBoundedAndKeepTheOrder() =>
        Gen.Select(Gen.OneOf(PriorityQueues.High, PriorityQueues.Normal),
            Gen.Frequency((9, Gen.Int[2, 2_000]), (1, Gen.Int[20_000, 60_000])))
            .Array[1, 400]
            .Sample(
                jobs =>
                {
                    var packer = new JobPacker();
                    var added = jobs.Select((job, i) => (job, i))
                        .Where(entry => packer.TryAdd(entry.job.Item1, Sized(entry.job.Item2), entry.i))
                        .Select(entry => entry.i)
                        .ToList();

                    foreach (var pack in packer.Packs)
                    {
                        Assert.InRange(pack.Jobs.Count, 1, JobLimits.MaxPackedJobs);
                        Assert.InRange(
                            JobMessageWriter.WritePack([.. pack.Jobs.Select(job => (Golden.Id, job.Spec))]).Length,
                            1,
                            JobLimits.MaxMessageBytes);
                        Assert.All(pack.Jobs, job => Assert.Equal(pack.Queue, jobs[job.Index].Item1));
                    }

                    foreach (var queue in PriorityQueues.All)
                    {
                        var order = packer.Packs.Where(pack => pack.Queue == queue).SelectMany(pack => pack.Jobs.Select(job => job.Index));
                        Assert.Equal(added.Where(i => jobs[i].Item1 == queue), order);
                    }

                    Assert.All(Enumerable.Range(0, jobs.Length).Except(added), i =>
                        Assert.True(jobs[i].Item2 > 40_000, "a small job was not packed"));
                },
                iter: 100,
                threads: 1);

    [Fact]
    public void Packs_OfAHundredAndOneSmallJobs_AreTwo()
    {
        var packer = new JobPacker();
        for (var i = 0; i < 101; i++)
            Assert.True(packer.TryAdd(PriorityQueues.Normal, Golden.Minimal, i));
        Assert.Equal([100, 1], packer.Packs.Select(pack => pack.Jobs.Count));
    }

    private static JobSpec Sized(int bytes) => Golden.Minimal with { Payload = Specs.Bytes($"\"{new string('x', bytes - 2)}\"") };
}
