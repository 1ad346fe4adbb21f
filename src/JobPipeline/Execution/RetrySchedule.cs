using System.Buffers.Binary;
using System.Security.Cryptography;
using JobPipeline.Jobs;

namespace JobPipeline.Execution;

/// <summary>
/// When to try again: exponential backoff with full jitter, <c>uniform(0, min(cap, base · 2^(attempt−1)))</c>
/// (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). The draw is a hash of job and attempt:
/// spread over jobs like a random one, and the same whenever it is computed again.
/// </summary>
/// <param name="Base">Upper bound of the first backoff.</param>
/// <param name="Cap">Upper bound of every backoff.</param>
public sealed record RetrySchedule(TimeSpan Base, TimeSpan Cap)
{
    /// <summary>The longest the wait after the failed attempt can be.</summary>
    public TimeSpan CeilingAfter(int attempt)
    {
        var ceiling = Base.TotalMilliseconds * Math.Pow(2, Math.Max(0, attempt - 1));
        return ceiling < Cap.TotalMilliseconds ? TimeSpan.FromMilliseconds(ceiling) : Cap;
    }

    /// <summary>The wait after the failed attempt.</summary>
    public TimeSpan DelayAfter(int attempt, JobId job) => CeilingAfter(attempt) * Draw(attempt, job);

    private static double Draw(int attempt, JobId job)
    {
        Span<byte> input = stackalloc byte[20];
        Span<byte> hash = stackalloc byte[32];
        job.Value.TryWriteBytes(input);
        BinaryPrimitives.WriteInt32LittleEndian(input[16..], attempt);
        SHA256.HashData(input, hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }
}
